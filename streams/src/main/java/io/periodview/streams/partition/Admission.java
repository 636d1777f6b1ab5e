package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.checkpoint.Checkpoint.Input;
import io.periodview.streams.checkpoint.CheckpointCheck;
import io.periodview.streams.checkpoint.LogFacts;
import io.periodview.streams.checkpoint.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * Whether an owner may apply events and answer: only once its rows are known to belong to the topics. What was not admitted
 * is not read, so nothing is lost or overwritten that would tell what has happened. Thread-safe.
 */
public final class Admission {

    private static final Duration MAX_REFRESH = Duration.ofHours(1);

    private final int partition;
    private final List<String> inputs;
    private final AppliedOffsets offsets;

    static final String UNCHECKED = "It is not known yet whether the rows belong to the topics.";

    private @Nullable String problem = UNCHECKED;

    private @Nullable Checkpoint start;
    private volatile boolean open;
    private volatile boolean answers;

    /** What the rows have still to show before they may be shown; null if they do. */
    private @Nullable Building building;

    /** Why the rows can never belong to the topics again, whatever is seen of them later; null if they can. */
    private Verdict.@Nullable Refused forGood;

    /** Events that cannot be read, by topic; the partition answers meanwhile, and stands still. */
    private final Map<String, Unreadable> unreadable = new TreeMap<>();

    private @Nullable Checkpoint stored;

    /** A partition without events says now and then that it is up to date: how long it was not is what counts. */
    private long refreshMillis;

    private long asOf;
    private long sampledAt;
    private Map<String, Long> sample = Map.of();

    /** Where the consumer has to go, by topic. */
    private final Map<String, Input> seeks = new HashMap<>();

    private record Unreadable(long offset, String why) {}

    /** @param inputs the names of periods, actions and rerouted, in this order */
    Admission(int partition, List<String> inputs, AppliedOffsets offsets) {
        this.partition = partition;
        this.inputs = List.copyOf(inputs);
        this.offsets = offsets;
    }

    /** For tests without brokers: there is nothing to check. */
    static Admission granted() {
        Admission admission = new Admission(0, List.of(), new AppliedOffsets(Set.of()));
        admission.problem = null;
        admission.open = true;
        admission.answers = true;
        return admission;
    }

    /**
     * Takes the result of a check, and what the brokers said of the ends of the topics.
     *
     * @return whether that has changed what is wrong
     */
    public synchronized boolean judge(Verdict verdict, LogFacts facts) {
        String before = problem;
        if (verdict instanceof Verdict.Admitted admitted && forGood == null) {
            problem = null;
            open = true;
            admit(admitted, facts);
        } else if (verdict instanceof Verdict.Refused refused) {
            judge(refused);
        }
        updateAnswers();
        return !Objects.equals(before, problem);
    }

    private void judge(Verdict.Refused refused) {
        if (forGood == null && refused.isForGood()) {
            forGood = refused;
        }
        problem = forGood == null ? refused.why() : forGood.why();
        open = false;
        answers = false;
    }

    private void admit(Verdict.Admitted admitted, LogFacts facts) {
        Map<String, Long> ends = new HashMap<>();
        for (String input : inputs) {
            LogFacts.Range range = facts.ranges().get(new TopicPartition(input, partition));
            ends.put(input, range == null ? 0 : range.end());
        }
        if (building != null) {
            building.update(facts);
        }
        Checkpoint from = admitted.start();
        refreshMillis = Math.min(MAX_REFRESH.toMillis(), facts.deletionsKept().toMillis() / 10);
        if (start == null) {
            start = from;
            asOf = from.asOf();
            building = from.complete() ? null : new Building(partition, inputs, facts);
            for (int i = 0; i < inputs.size(); i++) {
                seeks.put(inputs.get(i), from.inputs().get(i));
            }
        }
        for (Verdict.Gap gap : admitted.gaps()) {
            goPast(gap.topic(), gap.to());
        }
        unreadable.entrySet().removeIf(each -> {
            long skip = facts.skips().getOrDefault(new TopicPartition(each.getKey(), partition), 0L);
            if (each.getValue().offset() < skip) {
                goPast(each.getKey(), skip);
                return true;
            }
            return false;
        });
        if (sampledAt > 0 && offsets.isBefore(sample)) {
            return;
        }
        if (sampledAt > 0) {
            asOf = Math.max(asOf, sampledAt);
        }
        sampledAt = facts.askedAt();
        sample = ends;
    }

    private void goPast(String topic, long next) {
        if (offsets.next(topic).offset() < next) {
            seeks.put(topic, new Input(Uuid.ZERO_UUID, next, -1));
        }
    }

    /** Whether events may be read, and rows and offsets written. */
    public boolean isOpen() {
        return open;
    }

    /** Whether somebody waits for the result of a check, or for a view that is being built. */
    public synchronized boolean isWaiting() {
        updateAnswers();
        return problem == UNCHECKED || building != null; // the constant itself
    }

    /** Whether the rows may be shown. */
    boolean mayAnswer() {
        if (!answers && open) {
            synchronized (this) {
                updateAnswers();
            }
        }
        return answers;
    }

    private void updateAnswers() {
        if (building != null && open && building.isDone(offsets)) {
            building = null;
        }
        answers = open && building == null;
    }

    /** What is wrong, in a line for a person, or null if nothing is. */
    public synchronized @Nullable String problem() {
        if (problem != null) {
            return problem;
        }
        if (!unreadable.isEmpty()) {
            return unreadable.values().iterator().next().why();
        }
        updateAnswers();
        return building == null
                ? null
                : "The view is being built from the topics: " + building.remaining(offsets) + ".";
    }

    /** Where the consumer has to go in a topic before it reads on, once; null if it is there. */
    synchronized @Nullable Input takeSeek(String topic) {
        return open ? seeks.remove(topic) : null;
    }

    /** Whether a topic may be read now, once the consumer is where it has to go. */
    synchronized boolean mayRead(String topic) {
        return open && !unreadable.containsKey(topic);
    }

    /** Whether a topic may be read now, and the consumer is where it has to go. */
    synchronized boolean isAtStart(String topic) {
        return mayRead(topic) && !seeks.containsKey(topic);
    }

    /**
     * The log ends before what was read of it. For good: the events that came instead may be anywhere by now.
     *
     * @return what is wrong, for a person, or null if that was known
     */
    synchronized @Nullable String truncated(TopicPartition log, long end, long next) {
        String before = problem;
        judge(CheckpointCheck.truncated(log, end, next));
        return Objects.equals(before, problem) ? null : problem;
    }

    /** The log does not have the consumer's position any more. */
    synchronized void recheck() {
        problem = UNCHECKED;
        open = false;
        answers = false;
    }

    /** An event cannot be read: nothing behind it is, until an operator has it skipped. */
    synchronized void unreadable(String topic, long offset, String why) {
        unreadable.put(topic, new Unreadable(offset, why));
    }

    /** What the rows show now, those of the open transaction too; null before they are admitted. */
    public synchronized @Nullable Checkpoint current() {
        Checkpoint from = start;
        if (from == null) {
            return null;
        }
        updateAnswers();
        List<Input> now = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            Input begun = from.inputs().get(i);
            AppliedOffsets.Next next = offsets.next(inputs.get(i));
            now.add(new Input(
                    begun.topic(),
                    Math.max(next.offset(), begun.next()),
                    next.leaderEpoch() < 0 ? begun.leaderEpoch() : next.leaderEpoch()));
        }
        return new Checkpoint(from.changelog(), asOf, building == null, now);
    }

    /** The same, to be stored among the rows; null if it is stored already, or nothing may be written. */
    public synchronized @Nullable Checkpoint dueCheckpoint() {
        Checkpoint due = open && seeks.isEmpty() ? current() : null;
        Checkpoint before = stored;
        if (due == null
                || before != null
                        && before.complete() == due.complete()
                        && before.inputs().equals(due.inputs())
                        && due.asOf() - before.asOf() < refreshMillis) {
            return null;
        }
        stored = due;
        return due;
    }
}
