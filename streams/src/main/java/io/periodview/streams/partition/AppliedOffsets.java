package io.periodview.streams.partition;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How far an owner is in each topic of its partition: every event up to and including an offset is applied,
 * rejected or rerouted. Offsets without an event (of transactions, aborted or compacted events) count as soon as the consumer is
 * past them and all that it returned before is applied. Thread-safe.
 */
public final class AppliedOffsets {

    private static final class Topic {
        /**
         * Up to here all is applied; the last event that is buffered, to be applied with others; the last that the
         * consumer returned; the consumer's position.
         */
        long applied = -1;

        long buffered = -1;
        long polled = -1;
        long next = -1;

        /** Of what the consumer returned last; negative as long as it is not known. */
        int leaderEpoch = -1;

        /** Offsets between the consumer's position and the end; negative as long as it is not known. */
        long lag = -1;

        long reached() {
            return applied >= polled ? Math.max(applied, next - 1) : applied;
        }
    }

    private final Set<String> required;
    private final Map<String, Topic> topics = new HashMap<>();
    private volatile boolean initialized;
    private int waiting;
    private boolean closed;

    /**
     * The first offset that is not applied.
     *
     * @param leaderEpoch of what was read last; negative if it is not known
     */
    record Next(long offset, int leaderEpoch) {}

    /** @param required topics whose position belongs to every response */
    AppliedOffsets(Set<String> required) {
        this.required = required;
        this.initialized = required.isEmpty();
    }

    /** Whether the consumer's position in every topic is known; once it is, it stays so. */
    boolean isInitialized() {
        return initialized;
    }

    /**
     * An event is buffered, to be applied with those that follow it.
     *
     * @return whether it is the last that was fetched: none that the consumer has returned is left
     */
    public synchronized boolean buffered(String topic, long offset) {
        topic(topic).buffered = offset;
        for (Topic each : topics.values()) {
            if (each.buffered < each.polled) {
                return false;
            }
        }
        return true;
    }

    /** Whether the processor has had the event: it is applied, or buffered to be applied with others. */
    synchronized boolean isBuffered(String topic, long offset) {
        return topic(topic).buffered >= offset;
    }

    /** The rows of all events that were buffered are written. */
    public synchronized void applied() {
        for (Topic each : topics.values()) {
            each.applied = Math.max(each.applied, each.buffered);
        }
        wake();
    }

    /**
     * The consumer has returned events from the first up to the last, which come to be applied. If all that it returned
     * before is applied, so is all before the first: between the two there is no event.
     */
    synchronized void polled(String topic, long first, long last) {
        Topic at = topic(topic);
        if (at.applied >= at.polled) {
            at.applied = Math.max(at.applied, first - 1);
        }
        at.polled = last;
        wake();
    }

    /** @param lag offsets between the consumer's position and the end */
    synchronized void updateLag(String topic, long lag) {
        topic(topic).lag = lag;
    }

    /** Offsets between the consumer's position and the end when it was last observed, by topic. */
    public synchronized Map<String, Long> lag() {
        Map<String, Long> lag = new TreeMap<>();
        topics.forEach((topic, at) -> {
            if (at.lag >= 0) {
                lag.put(topic, at.lag);
            }
        });
        return lag;
    }

    /** The consumer's position: the next offset that it will return. */
    synchronized void consumerAt(String topic, long next) {
        topic(topic).next = next;
        if (!initialized) {
            initialized = required.stream().allMatch(this::isInitialized);
        }
        wake();
    }

    /** The consumer's position, and of which leader epoch it is. */
    synchronized void consumerAt(String topic, long next, int leaderEpoch) {
        topic(topic).leaderEpoch = leaderEpoch;
        consumerAt(topic, next);
    }

    /** How far a topic is applied. */
    synchronized Next next(String topic) {
        Topic at = topic(topic);
        return new Next(at.reached() + 1, at.leaderEpoch);
    }

    /** Whether some of these offsets are not applied yet; each is behind the last that counts. */
    synchronized boolean isBefore(Map<String, Long> ends) {
        return missing(ends) > 0;
    }

    /** How many offsets are not applied before these, each behind the last that counts. */
    synchronized long missing(Map<String, Long> ends) {
        return ends.entrySet().stream()
                .mapToLong(
                        end -> Math.max(0, end.getValue() - next(end.getKey()).offset()))
                .sum();
    }

    /** Whether the consumer's position is known, which it reports only when that changes. */
    synchronized boolean isInitialized(String topic) {
        Topic at = topics.get(topic);
        return at != null && at.next >= 0;
    }

    /** The last offset of each topic that has one, by topic. */
    public synchronized Map<String, Long> current() {
        Map<String, Long> current = new TreeMap<>();
        topics.forEach((topic, at) -> {
            if (at.reached() >= 0) {
                current.put(topic, at.reached());
            }
        });
        return current;
    }

    /**
     * Waits until these offsets are reached.
     *
     * @return whether they are; not if time runs out before, or the partition is no longer owned here
     */
    public synchronized boolean await(Map<String, Long> wanted, Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        waiting++;
        try {
            while (!closed && !haveReached(wanted)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return !closed;
        } finally {
            waiting--;
        }
    }

    private boolean haveReached(Map<String, Long> wanted) {
        for (Map.Entry<String, Long> each : wanted.entrySet()) {
            Topic topic = topics.get(each.getKey());
            if (topic == null || topic.reached() < each.getValue()) {
                return false;
            }
        }
        return true;
    }

    synchronized void close() {
        closed = true;
        notifyAll();
    }

    private Topic topic(String name) {
        Topic topic = topics.get(name);
        if (topic == null) {
            topic = new Topic();
            topics.put(name, topic);
        }
        return topic;
    }

    private void wake() {
        if (waiting > 0) {
            notifyAll();
        }
    }
}
