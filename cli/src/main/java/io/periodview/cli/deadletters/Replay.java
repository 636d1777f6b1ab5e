package io.periodview.cli.deadletters;

import io.periodview.cli.deadletters.ReplayReport.Outcome;
import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.Progress;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.topics.RecordOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Sends selected dead letters again and reports the outcome of each. Keys and offsets of all are in memory meanwhile,
 * values only of the batch that is being sent. One thread at a time.
 */
final class Replay implements AutoCloseable {

    /** Between two checks for newer events. */
    private static final int BATCH = 500;

    private static final int BATCH_BYTES = 16 << 20;

    /**
     * Errors that concern one event only, the last those that were refused with another of their batch; any other error
     * would hit all events that follow, too.
     */
    private static final Set<Class<?>> OF_ONE_EVENT = Set.of(
            RecordTooLargeException.class,
            InvalidTimestampException.class,
            InvalidRecordException.class,
            KafkaException.class);

    private final KafkaOptions options;
    private final KafkaCluster cluster;
    private final Progress progress;
    private final ReplayReport report;
    private final ReplayTargets targets;
    private final boolean dryRun;
    private final Map<RecordOffset, ReplayCandidate> candidates = new HashMap<>();
    private final List<Attempt> batch = new ArrayList<>();
    private long batchBytes;
    private @Nullable SupersededCheck check;
    private @Nullable ReplaySender sender;

    private static final class Attempt {
        private final DeadLetterRecord letter;
        private Outcome outcome = Outcome.SENT;
        private String explanation = "";
        private volatile @Nullable RecordMetadata at;
        private volatile @Nullable Exception error;

        Attempt(DeadLetterRecord letter) {
            this.letter = letter;
        }

        void resolve(Outcome outcome, String explanation) {
            this.outcome = outcome;
            this.explanation = explanation;
        }
    }

    Replay(KafkaOptions options, KafkaCluster cluster, ReplayReport report, Progress progress, boolean dryRun)
            throws InterruptedException {
        this.options = options;
        this.cluster = cluster;
        this.report = report;
        this.progress = progress;
        this.dryRun = dryRun;
        this.targets = new ReplayTargets(options, cluster);
    }

    /** Looks for newer events of the selected ones' keys; if this is not called, none counts as superseded. */
    void check(DeadLetterTopic topic, Predicate<DeadLetterRecord> selected) throws InterruptedException {
        Map<SupersededCheck.EventOf, List<ReplayCandidate>> byKey = new HashMap<>();
        topic.read(letter -> {
            DeadLetter rejection = letter.rejection();
            if (selected.test(letter)
                    && rejection != null
                    && letter.key() != null
                    && targets.obstacle(letter) == null) {
                ReplayCandidate candidate = new ReplayCandidate(
                        letter.place(), rejection.origin(), targets.partition(letter, rejection), letter.value());
                candidates.put(letter.place(), candidate);
                byKey.computeIfAbsent(
                                new SupersededCheck.EventOf(rejection.origin().topic(), Bytes.wrap(letter.key())),
                                unknown -> new ArrayList<>(1))
                        .add(candidate);
            }
        });
        check = new SupersededCheck(options, cluster, byKey, progress);
        catchUp();
    }

    /** Sends the selected ones, in the order of their rejection. */
    void send(DeadLetterTopic topic, Predicate<DeadLetterRecord> selected) {
        topic.read(letter -> {
            if (selected.test(letter)) {
                batch.add(new Attempt(letter));
                batchBytes += letter.value() == null ? 0 : letter.value().length;
                if (batch.size() >= BATCH || batchBytes >= BATCH_BYTES) {
                    sendBatch();
                }
            }
        });
        sendBatch();
    }

    private void sendBatch() {
        if (!dryRun && !batch.isEmpty()) {
            catchUp();
        }
        batch.forEach(this::attempt);
        if (sender != null) {
            sender.flush();
            retryOneByOne(sender);
        }
        Exception fatal = null;
        for (Attempt attempt : batch) {
            Exception error = attempt.error;
            RecordMetadata at = attempt.at;
            if (error != null) {
                attempt.resolve(Outcome.FAILED, "failed: " + reason(attempt.letter, error));
                fatal = OF_ONE_EVENT.contains(error.getClass()) ? fatal : error;
            } else if (at != null) {
                attempt.explanation =
                        "sent to " + new RecordOffset(attempt.letter.topic() + "", at.partition(), at.offset());
            }
            report.add(attempt.letter.place(), attempt.letter.key(), attempt.outcome, attempt.explanation);
        }
        batch.clear();
        batchBytes = 0;
        if (fatal != null) {
            throw new CommandFailedException(
                    "Aborted before all were tried: " + KafkaErrors.reason(fatal)
                            + " Once it is fixed, run it again: what has arrived is not sent twice, unless you --force it.",
                    fatal);
        }
    }

    /** Events that shared a batch with one that the broker refuses were refused with it. */
    private void retryOneByOne(ReplaySender sender) {
        for (Attempt attempt : batch) {
            Exception error = attempt.error;
            if (error != null && OF_ONE_EVENT.contains(error.getClass())) {
                send(sender, attempt);
                sender.flush();
            }
        }
    }

    private void catchUp() {
        if (check != null) {
            check.catchUp();
            progress.interrupted();
        }
    }

    private void attempt(Attempt attempt) {
        DeadLetterRecord letter = attempt.letter;
        DeadLetter rejection = letter.rejection();
        String obstacle = targets.obstacle(letter);
        if (obstacle != null || rejection == null) {
            attempt.resolve(Outcome.IMPOSSIBLE, "cannot be sent again: " + obstacle);
            return;
        }
        ReplayCandidate candidate = candidates.get(letter.place());
        String superseded = check == null || candidate == null ? null : check.superseded(candidate);
        if (superseded != null) {
            attempt.resolve(Outcome.SUPERSEDED, superseded);
        } else if (dryRun) {
            attempt.resolve(
                    Outcome.SENT, "would be sent to " + letter.topic() + "-" + targets.partition(letter, rejection));
        } else {
            if (sender == null) {
                // Unchecked, there may be several of a key, whose order a retry would change.
                sender = new ReplaySender(options, check == null);
            }
            send(sender, attempt);
        }
    }

    private void send(ReplaySender sender, Attempt attempt) {
        DeadLetter rejection = Objects.requireNonNull(attempt.letter.rejection());
        sender.send(attempt.letter, rejection, targets.partition(attempt.letter, rejection), (at, error) -> {
            attempt.at = at;
            attempt.error = error;
        });
    }

    private static String reason(DeadLetterRecord letter, Exception error) {
        DeadLetter rejection = letter.rejection();
        String time = error instanceof InvalidTimestampException && rejection != null
                ? " Its time is " + TextLetterFormatter.time(rejection.origin().timestamp())
                        + "; message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic set the limits."
                : "";
        return KafkaErrors.reason(error) + time;
    }

    @Override
    public void close() {
        if (check != null) {
            check.close();
        }
        if (sender != null) {
            sender.close();
        }
    }
}
