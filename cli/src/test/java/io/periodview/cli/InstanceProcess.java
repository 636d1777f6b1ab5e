package io.periodview.cli;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** One instance of the service, run after run, on the same ports and state directory. Not thread-safe. */
public final class InstanceProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);

    /** The same for all instances that a test may start together. */
    private static final Path SECRET_FILE = secretFile();

    private final String name;
    private final Path folder;
    private final List<String> options;
    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private @Nullable CommandLineProcess process;
    private int runs;

    /**
     * @param folder of its state and its temporary files
     * @param options of {@code serve}, name and value in turn, an empty one for a flag; they win over its ports and its state directory
     */
    public InstanceProcess(String name, Path folder, List<String> options) {
        this.name = name;
        this.folder = folder;
        this.options = List.copyOf(options);
    }

    private static Path secretFile() {
        try {
            Path file = Files.createTempFile("period-view-instance-secret-", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "a secret of all the instances of this test process\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return port;
    }

    public int adminPort() {
        return adminPort;
    }

    public Path stateDir() {
        return folder.resolve("state");
    }

    /** @param more options of this run, as above, which win over all others */
    public CommandLineProcess start(String... more) throws IOException {
        Map<String, List<String>> all = new LinkedHashMap<>();
        add(all, List.of("--port", "" + port, "--admin-port", "" + adminPort, "--state-dir", "" + stateDir()));
        add(all, List.of("--instance-secret-file", "" + SECRET_FILE));
        add(all, options);
        add(all, List.of(more));
        List<String> arguments = new ArrayList<>(List.of("serve"));
        all.forEach((option, values) ->
                values.forEach(value -> arguments.addAll(value.isEmpty() ? List.of(option) : List.of(option, value))));
        runs++;
        process = CommandLineProcess.start(folder, arguments.toArray(String[]::new));
        return process;
    }

    /** {@code --kafka} can be repeated; of other options the last one counts. */
    private static void add(Map<String, List<String>> all, List<String> options) {
        for (int i = 0; i < options.size(); i += 2) {
            List<String> values = all.computeIfAbsent(options.get(i), unknown -> new ArrayList<>());
            if (!options.get(i).equals("--kafka")) {
                values.clear();
            }
            values.add(options.get(i + 1));
        }
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    public CommandLineProcess process() {
        if (process == null) {
            throw new IllegalStateException(name + " has not been started");
        }
        return process;
    }

    /** The status of {@code /health/live} or {@code /health/ready}, 0 if it does not answer. */
    public int health(String what) throws InterruptedException {
        return ApiReader.at(adminPort, null).status("/health/" + what);
    }

    public void awaitReady() {
        await().atMost(TIMEOUT).until(() -> {
            if (!isAlive()) {
                throw new AssertionError("It ended before it was ready. " + process());
            }
            return health("ready") == 200;
        });
    }

    public void signal(String signal) throws IOException, InterruptedException {
        process().signal(signal);
    }

    /** Waits for its end and keeps its log. */
    public int awaitExit(Path logs) throws IOException, InterruptedException {
        int status = process().awaitExit();
        keepLog(logs);
        return status;
    }

    public void keepLog(Path logs) throws IOException {
        if (process != null) {
            Files.createDirectories(logs);
            Files.write(logs.resolve(name + "-run-" + runs + ".log"), process.err());
        }
    }

    public void deleteState() throws IOException {
        Utils.delete(stateDir().toFile());
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
