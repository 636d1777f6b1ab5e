package io.periodview.bench;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * What the suites share: a folder for everything that is written, one broker, one PostgreSQL, each started when it is first
 * asked for. Not thread-safe.
 */
public final class BenchEnvironment implements AutoCloseable {

    private final Path folder;
    private final boolean quick;
    private final int rounds;
    private final @Nullable Path incidents;
    private @Nullable Broker broker;
    private @Nullable Postgres postgres;
    private int folders;

    /**
     * @param quick whether small loads and few rounds must do
     * @param incidents JSON Lines of change events (gzip), if there are real ones at hand
     */
    BenchEnvironment(Path folder, boolean quick, int rounds, @Nullable Path incidents) {
        this.folder = folder;
        this.quick = quick;
        this.rounds = rounds;
        this.incidents = incidents;
    }

    public boolean isQuick() {
        return quick;
    }

    /** How often each contender has its turn, after the warm-up. */
    public int rounds() {
        return rounds;
    }

    public @Nullable Path incidents() {
        return incidents;
    }

    /** How long one round of one contender may take. */
    public Duration cell() {
        return quick ? Duration.ofSeconds(4) : Duration.ofSeconds(12);
    }

    /** A new one, which goes with the environment. */
    public Path folder(String name) throws IOException {
        folders++;
        return Files.createDirectories(folder.resolve(folders + "-" + name));
    }

    public Broker broker() throws IOException, InterruptedException {
        if (broker == null) {
            broker = Broker.start(BrokerOptions.in(folder("broker"))
                    .forLongRuns()
                    .withSetting("broker.session.timeout.ms", "30000")); // under full load it may be late
        }
        return broker;
    }

    public Postgres postgres() throws IOException, InterruptedException {
        if (postgres == null) {
            postgres = Postgres.start(folder("postgres"));
        }
        return postgres;
    }

    @Override
    public void close() throws IOException {
        if (broker != null) {
            broker.close();
        }
        if (postgres != null) {
            postgres.close();
        }
        Utils.delete(folder.toFile());
    }
}
