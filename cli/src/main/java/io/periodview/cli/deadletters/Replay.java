package io.periodview.cli.deadletters;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.topics.RecordOffset;
import io.periodview.cli.terminal.Progress;
import io.periodview.streams.intake.DeadLetter;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
 * Sends chosen dead letters again and says of each what became of it. Keys and places of all are in memory while it
 * works, events only as many as are sent at a time. One thread at a time.
 */
final class Replay implements AutoCloseable {

    /** Between two looks for newer events. */
    private static final int BATCH = 500;

    private static final int BATCH_BYTES = 16 << 20;

    /**
     * What concerns one event only, the last those that were refused with another of their batch; any other failure would
     * meet all that come after it, too.
     */
    private static final Set<Class<?>> OF_ONE_EVENT = Set.of(
            RecordTooLargeException.class,
            InvalidTimestampException.class,
            InvalidRecordException.class,
            KafkaException.class);

    private final KafkaOptions options;
    private final KafkaCluster cluster;
    private final Progress progress;
    private final StdoutWriter lines;
    private final boolean dryRun;
    private final Map<String, Integer> partitions = new HashMap<>();
    private final Map<RecordOffset, ReplayCandidate> candidates = new HashMap<>();
    private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
    private final List<Attempt> batch = new ArrayList<>();
    private long batchBytes;
    private @Nullable SupersededCheck check;
    private @Nullable ReplaySender sender;

    /** What became of a dead letter. */
    enum Outcome {
        SENT,
        OVERTAKEN,
        IMPOSSIBLE,
        FAILED
    }

    private static final class Attempt {
        private final DeadLetterRecord letter;
        private Outcome outcome = Outcome.SENT;
        private String said = "";
        private volatile @Nullable RecordMetadata at;
        private volatile @Nullable Exception problem;

        Attempt(DeadLetterRecord letter) {
            this.letter = letter;
        }

        void became(Outcome outcome, String said) {
            this.outcome = outcome;
            this.said = said;
        }
    }

    Replay(KafkaOptions options, KafkaCluster cluster, StdoutWriter lines, Progress progress, boolean dryRun)
            throws InterruptedException {
        this.options = options;
        this.cluster = cluster;
        this.lines = lines;
        this.progress = progress;
        this.dryRun = dryRun;
        for (String topic : List.of(options.topics().periods(), options.topics().actions())) {
            partitions.put(topic, cluster.partitions(topic).size());
        }
    }

    /** Looks for what has overtaken the chosen ones; without, none counts as overtaken. */
    void check(DeadLetterTopic log, Predicate<DeadLetterRecord> chosen) throws InterruptedException {
        Map<SupersededCheck.EventOf, List<ReplayCandidate>> byKey = new HashMap<>();
        log.read(letter -> {
            DeadLetter rejection = letter.rejection();
            if (chosen.test(letter) && rejection != null && letter.key() != null && impossible(letter) == null) {
                ReplayCandidate candidate =
                        new ReplayCandidate(letter.place(), rejection.origin(), target(letter, rejection), letter.value());
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

    /** Sends the chosen ones, in the order of their rejection. */
    void send(DeadLetterTopic log, Predicate<DeadLetterRecord> chosen) {
        log.read(letter -> {
            if (chosen.test(letter)) {
                batch.add(new Attempt(letter));
                batchBytes += letter.value() == null ? 0 : letter.value().length;
                if (batch.size() >= BATCH || batchBytes >= BATCH_BYTES) {
                    sendBatch();
                }
            }
        });
        sendBatch();
    }

    /** How many had this outcome. */
    int count(Outcome outcome) {
        return counts.getOrDefault(outcome, 0);
    }

    private void sendBatch() {
        if (!dryRun && !batch.isEmpty()) {
            catchUp();
        }
        batch.forEach(this::attempt);
        if (sender != null) {
            sender.flush();
            retryAlone(sender);
        }
        Exception ofAll = null;
        for (Attempt attempt : batch) {
            Exception problem = attempt.problem;
            RecordMetadata at = attempt.at;
            if (problem != null) {
                attempt.became(Outcome.FAILED, "failed: " + reason(attempt.letter, problem));
                ofAll = OF_ONE_EVENT.contains(problem.getClass()) ? ofAll : problem;
            } else if (at != null) {
                attempt.said = "sent to " + new RecordOffset(attempt.letter.topic() + "", at.partition(), at.offset());
            }
            report(attempt.letter.place(), attempt.letter.key(), attempt.outcome, attempt.said);
        }
        batch.clear();
        batchBytes = 0;
        if (ofAll != null) {
            throw new CommandFailedException(
                    "Broken off before all were tried: " + KafkaErrors.of(ofAll)
                            + " Run it again then: what has arrived is not sent twice, unless you --force it.",
                    ofAll);
        }
    }

    /** Whatever shared a batch with one that the broker refuses was refused with it. */
    private void retryAlone(ReplaySender sender) {
        for (Attempt attempt : batch) {
            Exception problem = attempt.problem;
            if (problem != null && OF_ONE_EVENT.contains(problem.getClass())) {
                send(sender, attempt);
                sender.flush();
            }
        }
    }

    /** Says of a place what became of what is there. */
    void report(RecordOffset place, byte @Nullable [] key, Outcome outcome, String said) {
        counts.merge(outcome, 1, Integer::sum);
        lines.print(String.format(Locale.ROOT, "%-18s  %-14s  %s", place, TextLetterFormatter.key(key), said));
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
        String impossible = impossible(letter);
        if (impossible != null || rejection == null) {
            attempt.became(Outcome.IMPOSSIBLE, "cannot be sent again: " + impossible);
            return;
        }
        ReplayCandidate candidate = candidates.get(letter.place());
        String overtaken = check == null || candidate == null ? null : check.overtaken(candidate);
        if (overtaken != null) {
            attempt.became(Outcome.OVERTAKEN, overtaken);
        } else if (dryRun) {
            attempt.became(Outcome.SENT, "would be sent to " + letter.topic() + "-" + target(letter, rejection));
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
        sender.send(attempt.letter, rejection, target(attempt.letter, rejection), (at, problem) -> {
            attempt.at = at;
            attempt.problem = problem;
        });
    }

    /** Why a letter cannot be sent again, whatever else is the case; null if it can. */
    private @Nullable String impossible(DeadLetterRecord letter) {
        DeadLetter rejection = letter.rejection();
        if (rejection == null) {
            return "the service did not write it, so nothing says where it came from";
        }
        if (letter.topic() == null) {
            return "it came from " + TerminalEscaper.all(rejection.origin().topic()) + ", which is no topic of this service";
        }
        if (letter.key() == null) {
            return "it has no key, and " + letter.topic() + " takes none without";
        }
        int there = partitions.getOrDefault(rejection.origin().topic(), 0);
        int target = target(letter, rejection);
        return target < there ? null : "there is no " + letter.topic() + "-" + target;
    }

    private int target(DeadLetterRecord letter, DeadLetter rejection) {
        return ReplayCandidate.target(
                letter.key(),
                rejection.origin(),
                partitions.getOrDefault(rejection.origin().topic(), 1));
    }

    private static String reason(DeadLetterRecord letter, Exception problem) {
        DeadLetter rejection = letter.rejection();
        String time = problem instanceof InvalidTimestampException && rejection != null
                ? " Its time is " + TextLetterFormatter.time(rejection.origin().timestamp())
                        + "; message.timestamp.before.max.ms and message.timestamp.after.max.ms of the topic say which are taken."
                : "";
        return KafkaErrors.of(problem) + time;
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
