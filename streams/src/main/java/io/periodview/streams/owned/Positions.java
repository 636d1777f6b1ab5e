package io.periodview.streams.owned;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * How far an owner is in each topic of its partition: every event up to and including an offset is applied, or rejected,
 * or sent on. Offsets without an event (of transactions, aborted or compacted events) count as soon as the consumer is
 * past them and all that it returned before is applied. Thread-safe.
 */
public final class Positions {

    private static final class Topic {
        /** The last event that is applied; the last that the consumer returned; the next that it will look for. */
        long applied = -1;

        long polled = -1;
        long next = -1;

        /** Offsets between the consumer's place and the end; negative as long as it is not known. */
        long lag = -1;

        long reached() {
            return applied >= polled ? Math.max(applied, next - 1) : applied;
        }
    }

    private final Set<String> needed;
    private final Map<String, Topic> topics = new HashMap<>();
    private volatile boolean known;
    private int waiting;
    private boolean ended;

    /** @param needed topics whose position belongs to every answer */
    Positions(Set<String> needed) {
        this.needed = needed;
        this.known = needed.isEmpty();
    }

    /** Whether it is known of every topic where the consumer goes on, from some moment on for good. */
    boolean areKnown() {
        return known;
    }

    /**
     * After an event's rows are written.
     *
     * @return whether it was the last that the consumer had returned
     */
    public synchronized boolean applied(String topic, long offset) {
        Topic applied = topic(topic);
        applied.applied = offset;
        wake();
        return offset == applied.polled;
    }

    /** The consumer has returned events up to this one, which come to be applied. */
    synchronized void polled(String topic, long last) {
        topic(topic).polled = last;
    }

    /** So many offsets are between the consumer's place and the end. */
    synchronized void isBehind(String topic, long lag) {
        topic(topic).lag = lag;
    }

    /** Offsets between the consumer's place and the end when it last looked, by topic. */
    public synchronized Map<String, Long> lag() {
        Map<String, Long> lag = new TreeMap<>();
        topics.forEach((topic, at) -> {
            if (at.lag >= 0) {
                lag.put(topic, at.lag);
            }
        });
        return lag;
    }

    /** The consumer will go on here. */
    synchronized void goesOnAt(String topic, long next) {
        topic(topic).next = next;
        if (!known) {
            known = needed.stream().allMatch(this::isKnown);
        }
        wake();
    }

    /** Whether it is known where the consumer goes on, which it tells only when that changes. */
    synchronized boolean isKnown(String topic) {
        Topic known = topics.get(topic);
        return known != null && known.next >= 0;
    }

    /** The last offset of each topic that has one, by topic. */
    public synchronized Map<String, Long> now() {
        Map<String, Long> now = new TreeMap<>();
        topics.forEach((topic, at) -> {
            if (at.reached() >= 0) {
                now.put(topic, at.reached());
            }
        });
        return now;
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
            while (!ended && !haveReached(wanted)) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(this, left);
            }
            return !ended;
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

    synchronized void end() {
        ended = true;
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
