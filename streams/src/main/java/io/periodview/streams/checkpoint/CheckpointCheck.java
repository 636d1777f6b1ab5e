package io.periodview.streams.checkpoint;

import io.periodview.streams.checkpoint.Checkpoint.Input;
import io.periodview.streams.checkpoint.LogFacts.Range;
import io.periodview.streams.checkpoint.LogFacts.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether the rows of a partition belong to the topics as they are. Offsets alone do not tell: a topic that was made
 * anew has offsets, too. Thread-safe; asks nobody.
 *
 * @param inputs the names of periods, actions and rerouted, in this order
 * @param changelog the name of the rows' own topic
 * @param partitions of each of them
 */
public record CheckpointCheck(List<String> inputs, String changelog, int partitions) {

    /** The way on when rows and topics do not belong together. */
    public static final String REBUILD =
            "Stop all instances and start one with `serve --rebuild`: it builds the view anew"
                    + " from periods and actions (all periodActionIds are new); then start the others";

    private static final int NOT_REROUTED = 2;
    private static final int NO_EPOCH = -1;

    public CheckpointCheck {
        inputs = List.copyOf(inputs);
    }

    /** Rows as they are stored. */
    public interface Rows {

        /** What they say they show; null if they do not say. */
        @Nullable
        Checkpoint checkpoint();

        /** Whether there are none. */
        boolean isEmpty();

        /**
         * Whether the changelog is known to hold rows of a version that stored no checkpoint, of other partitions: then it is
         * not one that was made anew, and a partition without rows never had any.
         */
        boolean isOfOlderVersion();
    }

    /**
     * @param rows that were read before the facts were asked for
     * @param facts with the ranges of the partition in all inputs and the changelog
     */
    public Verdict check(int partition, Rows rows, LogFacts facts) {
        String unusable = unusable(facts);
        if (unusable != null) {
            return new Verdict.Refused(unusable);
        }
        Range log = range(changelog, partition, facts);
        if (log.start() > 0) {
            return refused("The first " + log.start() + " records of " + place(changelog, partition)
                    + " were deleted, and with them rows of the view that nothing else has");
        }
        Checkpoint checkpoint = rows.checkpoint();
        if (checkpoint != null) {
            return check(partition, checkpoint, facts);
        }
        boolean neverHadRows = rows.isEmpty() && !(rows.isOfOlderVersion() && isRead(partition, facts));
        return neverHadRows ? begin(partition, facts) : adopt(partition, facts);
    }

    /** What is wrong with the topics themselves, in a line for a person, or null if nothing is. */
    public @Nullable String unusable(LogFacts facts) {
        for (String name : inputs) {
            Topic topic = facts.topics().get(name);
            if (topic == null) {
                return missing(name);
            }
            if (topic.partitions() != partitions) {
                return "Topic " + name + " has " + topic.partitions() + " partitions, and had " + partitions
                        + " when this instance started: a team's events are in two places now. `period-view topics` says"
                        + " what to do.";
            }
        }
        return facts.topics().containsKey(changelog)
                ? null
                : "The changelog " + changelog + " does not exist. " + REBUILD + ".";
    }

    /** That a topic is not there, and what to do. */
    public static String missing(String topic) {
        return "Topic " + topic + " does not exist. `period-view topics` says what is wrong.";
    }

    private Verdict check(int partition, Checkpoint checkpoint, LogFacts facts) {
        if (!checkpoint.changelog().equals(topic(changelog, facts).id())) {
            return refused(madeAnew(changelog) + ", so it does not have all rows of the view");
        }
        List<Input> start = new ArrayList<>();
        List<Verdict.Gap> gaps = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        boolean unread = false;
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i);
            Input input = checkpoint.inputs().get(i);
            Range range = range(name, partition, facts);
            if (!input.topic().equals(topic(name, facts).id())) {
                return refused(madeAnew(name) + "; the view shows events that it may not have");
            }
            long end = facts.diverged().getOrDefault(new TopicPartition(name, partition), range.end());
            if (input.next() > end) {
                return truncated(new TopicPartition(name, partition), end, input.next());
            }
            unread |= input.next() < range.end();
            long next = input.next();
            if (range.start() > next) {
                long skip = facts.skips().getOrDefault(new TopicPartition(name, partition), 0L);
                if (skip < range.start()) {
                    return deleted(new Verdict.Gap(name, partition, next, range.start()));
                }
                gaps.add(new Verdict.Gap(name, partition, next, range.start()));
                next = range.start();
            }
            start.add(new Input(input.topic(), next, input.leaderEpoch()));
            Long committed = facts.committed().get(new TopicPartition(name, partition));
            if (committed != null && committed < next && range.end() > committed) {
                notes.add("The group's offset of " + place(name, partition) + " is " + committed
                        + "; reading goes on at " + next + ", where the rows end");
            }
        }
        if (unread) {
            Duration age =
                    Duration.between(Instant.ofEpochMilli(checkpoint.asOf()), Instant.ofEpochMilli(facts.askedAt()));
            if (age.compareTo(facts.deletionsKept()) > 0) {
                return refused(stoodStill(partition, checkpoint.asOf(), facts.deletionsKept()));
            }
        }
        return new Verdict.Admitted(
                new Checkpoint(checkpoint.changelog(), checkpoint.asOf(), checkpoint.complete(), start), gaps, notes);
    }

    private boolean isRead(int partition, LogFacts facts) {
        return inputs.stream().anyMatch(name -> facts.committed().containsKey(new TopicPartition(name, partition)));
    }

    /** Nothing is stored: the partition is new, unless its group has read events before. */
    private Verdict begin(int partition, LogFacts facts) {
        List<Input> start = new ArrayList<>();
        for (int i = 0; i < inputs.size(); i++) {
            String name = inputs.get(i);
            Range range = range(name, partition, facts);
            long committed = facts.committed().getOrDefault(new TopicPartition(name, partition), 0L);
            if (i < NOT_REROUTED && committed > 0) {
                return refused("The group has read " + place(name, partition) + " up to offset " + committed + ", but "
                        + place(changelog, partition) + " has no rows of it: they are lost");
            }
            start.add(new Input(topic(name, facts).id(), Math.max(range.start(), committed), NO_EPOCH));
        }
        return new Verdict.Admitted(
                new Checkpoint(topic(changelog, facts).id(), facts.askedAt(), false, start), List.of(), List.of());
    }

    /** Rows of a version that stored no checkpoint: they show what the group has committed. */
    private Verdict adopt(int partition, LogFacts facts) {
        List<Input> start = new ArrayList<>();
        boolean any = false;
        for (String name : inputs) {
            Range range = range(name, partition, facts);
            Long committed = facts.committed().get(new TopicPartition(name, partition));
            any |= committed != null;
            long next = committed == null ? range.start() : committed;
            if (next > range.end()) {
                return truncated(new TopicPartition(name, partition), range.end(), next);
            }
            if (next < range.start()) {
                return deleted(new Verdict.Gap(name, partition, next, range.start()));
            }
            start.add(new Input(topic(name, facts).id(), next, NO_EPOCH));
        }
        return any
                ? new Verdict.Admitted(
                        new Checkpoint(topic(changelog, facts).id(), facts.askedAt(), true, start),
                        List.of(),
                        List.of())
                : refused("The rows of partition " + partition
                        + " do not say what they show, and the group has no offsets");
    }

    /** That a log ends, or ended before it grew again, in front of what was read of it. */
    public static Verdict.Refused truncated(TopicPartition log, long end, long next) {
        return new Verdict.Refused(
                log + " was truncated at offset " + end + ", and events up to " + (next - 1) + " were applied: the view"
                        + " shows events that the log does not have. " + REBUILD + ".",
                List.of(),
                true);
    }

    private static Verdict.Refused deleted(Verdict.Gap gap) {
        String log = place(gap.topic(), gap.partition());
        String why = String.format(
                Locale.ROOT,
                "%s begins at offset %d: events %d to %d were deleted before they were applied (%,d offsets)."
                        + " `period-view skip %s@%d --reason …` goes on without them. Or: %s.",
                log,
                gap.to(),
                gap.from(),
                gap.to() - 1,
                gap.offsets(),
                log,
                gap.to() - 1,
                REBUILD);
        return new Verdict.Refused(why, List.of(gap), false);
    }

    private static String stoodStill(int partition, long asOf, Duration kept) {
        return "Partition " + partition + " was last up to date at " + Instant.ofEpochMilli(asOf)
                + ", longer ago than deletions are kept (delete.retention.ms, " + kept
                + "): deletions may be gone that were not applied";
    }

    private static Verdict.Refused refused(String why) {
        return new Verdict.Refused(why + ". " + REBUILD + ".");
    }

    private static String madeAnew(String topic) {
        return "Topic " + topic + " was deleted and made anew";
    }

    private static String place(String topic, int partition) {
        return topic + "-" + partition;
    }

    private static Topic topic(String name, LogFacts facts) {
        Topic topic = facts.topics().get(name);
        if (topic == null) {
            throw new IllegalArgumentException("It was not asked for " + name);
        }
        return topic;
    }

    private static Range range(String name, int partition, LogFacts facts) {
        Range range = facts.ranges().get(new TopicPartition(name, partition));
        if (range == null) {
            throw new IllegalArgumentException("It was not asked for " + place(name, partition));
        }
        return range;
    }
}
