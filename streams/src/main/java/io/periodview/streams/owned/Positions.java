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
        /**
         * Up to here all is applied; the last event that is taken, to be applied with others; the last that the consumer
         * returned; the next that it will look for.
         */
        long applied = -1;

        long taken = -1;
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
     * An event is being applied, or waits to be, with what comes after it.
     *
     * @return whether it is the last that is at hand: none that the consumer has returned is left
     */
    public synchronized boolean taken(String topic, long offset) {
        topic(topic).taken = offset;
        for (Topic each : topics.values()) {
            if (each.taken < each.polled) {
                return false;
            }
        }
        return true;
    }

    /** The rows of all events that were taken are written. */
    public synchronized void applied() {
        for (Topic each : topics.values()) {
            each.applied = Math.max(each.applied, each.taken);
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
