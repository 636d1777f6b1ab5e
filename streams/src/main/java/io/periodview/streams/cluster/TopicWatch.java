package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.ChangelogFacts;
import io.periodview.streams.checkpoint.CheckpointCheck;
import io.periodview.streams.checkpoint.LogFacts;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the topics, as the brokers describe them, with what this instance shows of them, every other second and whenever
 * a partition is opened: a partition whose rows do not belong to the topics is not read, and a topic that is gone is said.
 * While the brokers do not answer, everything stays as it was. Thread-safe; has a thread of its own.
 */
public final class TopicWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(TopicWatch.class);

    private static final Duration INTERVAL = Duration.ofSeconds(2);

    /** While a partition waits for the result. One that waits for long, as a view that is being built, is asked for less often. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(100);

    private static final int PAUSES_PER_WAIT = 10;

    /** Operators change it hardly ever. */
    private static final Duration SETTINGS_INTERVAL = Duration.ofMinutes(1);

    private final Map<String, Object> client;
    private final Admin admin;
    private final LogReader reader;
    private final EventTopics topics;
    private final String changelog;
    private final CheckpointCheck check;
    private final PartitionCheck partitionCheck;
    private final CompletableFuture<Throwable> fatalError;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "topic-watch");
    private volatile boolean closed;
    private volatile @Nullable String problem;
    private @Nullable LocalPartitions partitions;
    private @Nullable Uuid apiKeys;

    /** The failure that was logged last. */
    private String unknown = "";

    private Duration deletionsKept = Duration.ZERO;
    private long settingsAt;

    /**
     * @param client settings of Kafka's clients
     * @param changelog the name of the view's changelog
     * @param fatalError completes if this instance must end
     */
    public TopicWatch(
            Map<String, Object> client,
            String applicationId,
            EventTopics topics,
            String changelog,
            ServiceMetrics metrics,
            CompletableFuture<Throwable> fatalError) {
        this.client = client;
        this.admin = Admin.create(client);
        this.reader = new LogReader(admin, applicationId);
        this.topics = topics;
        this.changelog = changelog;
        this.check = new CheckpointCheck(topics.inputs(), changelog, topics.partitions());
        this.partitionCheck = new PartitionCheck(check, metrics);
        this.fatalError = fatalError;
        thread.setDaemon(true);
    }

    /**
     * Asks the brokers now.
     *
     * @throws TimeoutException if they do not say, or there is none yet: Kafka Streams tries again
     */
    public ChangelogFacts changelog() {
        ChangelogFacts facts = reader.changelog(changelog);
        if (facts == null) {
            throw new TimeoutException("The topic " + changelog + " does not exist");
        }
        return facts;
    }

    /** Asks the brokers now whether there is a changelog. */
    public boolean isChangelogThere() {
        return reader.changelog(changelog) != null;
    }

    /** Begins to watch the topics of these partitions. */
    public void start(LocalPartitions partitions) {
        this.partitions = partitions;
        partitions.onOpened(wanted::release);
        thread.start();
    }

    /** What is wrong with the topics, in a line for a person, or null if nothing is. */
    public @Nullable String problem() {
        return problem;
    }

    private void run() {
        LocalPartitions hosted = Objects.requireNonNull(partitions);
        try (Divergence divergence = new Divergence(client, topics.inputs())) {
            long waitingSince = System.nanoTime();
            while (!closed) {
                wanted.drainPermits();
                Duration pause = INTERVAL;
                try {
                    if (compare(hosted, divergence)) {
                        waitingSince = System.nanoTime();
                    } else {
                        pause = pauseAfter(System.nanoTime() - waitingSince);
                    }
                } catch (ExecutionException | RuntimeException e) {
                    unknown(e);
                }
                if (wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    waitingSince = System.nanoTime();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being closed
        }
    }

    private static Duration pauseAfter(long waitedNanos) {
        Duration pause = Duration.ofNanos(waitedNanos / PAUSES_PER_WAIT);
        return pause.compareTo(SHORT_INTERVAL) < 0 ? SHORT_INTERVAL : pause.compareTo(INTERVAL) > 0 ? INTERVAL : pause;
    }

    /** What is wrong with a broker passes; what is not, an operator must know: partitions that are opened wait for it. */
    private void unknown(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        if (cause instanceof RetriableException) {
            LOG.debug("The brokers do not say how the topics are", e);
        } else if (!cause.toString().equals(unknown)) {
            unknown = cause.toString();
            LOG.error("It cannot be checked whether rows and topics belong together", e);
        }
    }

    /** Whether all is known of all partitions. */
    private boolean compare(LocalPartitions hosted, Divergence divergence)
            throws InterruptedException, ExecutionException {
        Map<Integer, HostedRows> before = HostedRows.of(hosted);
        List<String> logs = new ArrayList<>(topics.inputs());
        logs.add(changelog);
        List<String> names = new ArrayList<>(logs);
        names.add(topics.apiKeys());
        names.add(topics.deadLetters());
        LogFacts facts = reader.ask(names, logs, topics.rerouted(), deletionsKept());
        look(facts, before.isEmpty());
        facts = facts.withDiverged(divergence.ends(before, facts));
        unknown = "";
        boolean allKnown = before.size() == hosted.stored().size();
        for (Map.Entry<Integer, HostedRows> each : before.entrySet()) {
            allKnown &= partitionCheck.judge(hosted, each.getKey(), each.getValue(), facts);
        }
        return allKnown;
    }

    private Duration deletionsKept() throws InterruptedException, ExecutionException {
        long now = System.nanoTime();
        if (deletionsKept.isZero() || now - settingsAt > SETTINGS_INTERVAL.toNanos()) {
            deletionsKept = reader.deletionsKept(List.of(topics.periods(), topics.actions()));
            settingsAt = now;
        }
        return deletionsKept;
    }

    /** Looks at the topics themselves. */
    private void look(LogFacts facts, boolean isChangelogOptional) {
        String found = check.unusable(facts);
        if (found != null && isChangelogOptional && !facts.topics().containsKey(changelog)) {
            found = null; // Kafka Streams creates it
        }
        if (found == null && !facts.topics().containsKey(topics.deadLetters())) {
            found = CheckpointCheck.missing(topics.deadLetters()) + " An event that is rejected stalls its partition.";
        }
        LogFacts.Topic keys = facts.topics().get(topics.apiKeys());
        if (keys == null) {
            found = CheckpointCheck.missing(topics.apiKeys())
                    + " No key can be created or revoked; those that were known still work.";
        } else if (apiKeys == null) {
            apiKeys = keys.id();
        } else if (!apiKeys.equals(keys.id())) {
            fatalError.complete(
                    new IllegalStateException(
                            "Topic " + topics.apiKeys() + " was deleted and made anew: keys"
                                    + " that it does not have would go on working. Started again, this instance reads it anew"));
        }
        if (!Objects.equals(found, problem)) {
            problem = found;
            if (found == null) {
                LOG.info("The topics are as they should be again");
            } else {
                LOG.error("{}", found);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        admin.close(Duration.ZERO);
    }
}
