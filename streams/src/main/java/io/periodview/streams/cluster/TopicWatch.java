package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.ChangelogFacts;
import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.CheckpointCheck;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import io.periodview.streams.checkpoint.LogFacts;
import io.periodview.streams.checkpoint.Verdict;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import io.periodview.streams.partition.StandbyReplica;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
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

    /** While somebody waits for the result. */
    private static final Duration SHORT_INTERVAL = Duration.ofMillis(100);

    /** Operators change it hardly ever. */
    private static final Duration SETTINGS_INTERVAL = Duration.ofMinutes(1);

    private final Admin admin;
    private final LogReader reader;
    private final EventTopics topics;
    private final String changelog;
    private final CheckpointCheck check;
    private final ServiceMetrics metrics;
    private final CompletableFuture<Throwable> fatalError;
    private final Semaphore wanted = new Semaphore(0);
    private final Thread thread = new Thread(this::run, "topic-watch");
    private final Set<Verdict.Gap> counted = new HashSet<>();
    private final Set<Integer> refusedOnes = new HashSet<>();
    private volatile boolean closed;
    private volatile @Nullable String problem;
    private @Nullable LocalPartitions partitions;
    private @Nullable Uuid apiKeys;
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
        this.admin = Admin.create(client);
        this.reader = new LogReader(admin, applicationId);
        this.topics = topics;
        this.changelog = changelog;
        this.check = new CheckpointCheck(topics.inputs(), changelog, topics.partitions());
        this.metrics = metrics;
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
        try {
            while (!closed) {
                wanted.drainPermits();
                Duration pause = INTERVAL;
                try {
                    pause = compare(hosted) ? INTERVAL : SHORT_INTERVAL;
                } catch (ExecutionException | KafkaException e) {
                    LOG.debug("The brokers do not say how the topics are", e);
                }
                if (!wanted.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    continue;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // it is being closed
        }
    }

    /** Whether all is known of all partitions. */
    private boolean compare(LocalPartitions hosted) throws InterruptedException, ExecutionException {
        Map<Integer, Read> before = new HashMap<>();
        for (int partition : hosted.stored()) {
            Read rows = read(hosted, partition);
            if (rows != null) {
                before.put(partition, rows);
            }
        }
        List<String> logs = new ArrayList<>(topics.inputs());
        logs.add(changelog);
        List<String> names = new ArrayList<>(logs);
        names.add(topics.apiKeys());
        names.add(topics.deadLetters());
        LogFacts facts = reader.ask(names, logs, before.keySet(), deletionsKept());
        look(facts, before.isEmpty());
        boolean allKnown = before.size() == hosted.stored().size();
        for (Map.Entry<Integer, Read> each : before.entrySet()) {
            allKnown &= judge(hosted, each.getKey(), each.getValue(), facts);
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
        if (found != null && isChangelogOptional && found.equals(CheckpointCheck.missing(changelog))) {
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

    /** Whether it is known whether the partition may be shown. */
    private boolean judge(LocalPartitions hosted, int partition, Read rows, LogFacts facts) {
        OwnedPartition owned = rows.owned();
        if (owned != hosted.active(partition)) {
            return false; // its role has changed meanwhile
        }
        if (owned == null) {
            if (rows.checkpoint() == null) {
                return false; // it is being restored
            }
            Verdict verdict = check.check(partition, rows, facts);
            hosted.replica(partition).judge(rows.generation(), whyNotShown(verdict));
            return true;
        }
        Verdict verdict = check.check(partition, rows, facts);
        if (!verdict.gaps().isEmpty()) {
            // The end that the brokers named is not before what had been read. But some of what they have deleted since
            // may have been applied in between.
            Read after = read(hosted, partition);
            if (after == null) {
                return false;
            }
            verdict = check.check(partition, after, facts);
        }
        if (owned.admission().judge(verdict, facts)) {
            log(partition, verdict);
        }
        count(verdict);
        return !owned.admission().isWaiting();
    }

    /** Why a standby may not show its rows, or null if it may. */
    private static @Nullable String whyNotShown(Verdict verdict) {
        if (verdict instanceof Verdict.Admitted admitted) {
            return admitted.start().complete() ? null : "The view is being built from the topics by its owner.";
        }
        return ((Verdict.Refused) verdict).why();
    }

    private void log(int partition, Verdict verdict) {
        if (verdict instanceof Verdict.Refused refused) {
            refusedOnes.add(partition);
            LOG.error("Partition {} is not served: {}", partition, refused.why());
        } else if (verdict instanceof Verdict.Admitted admitted) {
            admitted.notes().forEach(LOG::warn);
            if (refusedOnes.remove(partition)) {
                LOG.info("Partition {} is served again", partition);
            }
        }
    }

    private void count(Verdict verdict) {
        for (Verdict.Gap gap : verdict.gaps()) {
            if (counted.add(gap)) {
                metrics.lost(gap.offsets());
            }
        }
    }

    /** What rows say of themselves, at one moment, and whose they are. */
    private record Read(
            @Nullable OwnedPartition owned,
            int generation,
            @Nullable Checkpoint checkpoint,
            boolean isEmpty) implements Rows {}

    private static @Nullable Read read(LocalPartitions hosted, int partition) {
        OwnedPartition owned = hosted.active(partition);
        StandbyReplica replica = hosted.replica(partition);
        int generation = replica.generation();
        Rows rows = replica.rows();
        if (rows == null) {
            return null;
        }
        try {
            Checkpoint current = owned == null ? null : owned.admission().current();
            Checkpoint checkpoint = current == null ? rows.checkpoint() : current;
            return new Read(owned, generation, checkpoint, checkpoint == null && rows.isEmpty());
        } catch (InvalidStateStoreException e) {
            return null; // closed meanwhile
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        admin.close(Duration.ZERO);
    }
}
