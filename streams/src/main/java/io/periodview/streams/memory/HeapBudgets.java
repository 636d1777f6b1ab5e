package io.periodview.streams.memory;

/**
 * What each large user of the heap may take of it. Whatever comes in, all together leave room: decision 21 adds them up.
 * Immutable.
 *
 * <p>A large heap is not used up: more than each maximum makes nothing faster.
 *
 * @param heap bytes that the JVM may take
 * @param threads stream threads; each has two consumers and a producer
 */
public record HeapBudgets(long heap, int threads) {

    private static final long MIB = 1 << 20;

    /** Of this JVM. */
    public static HeapBudgets here(int threads) {
        return new HeapBudgets(Runtime.getRuntime().maxMemory(), threads);
    }

    /** For each of the three that serve reads: rows of hot periods, finished responses, responses that are being sent. */
    public static long cacheHere() {
        return here(1).cache();
    }

    long cache() {
        return within(4 * MIB, heap / 16, 64 * MIB);
    }

    /** Rows of open transactions, of all threads together: beyond it they are committed early. */
    public long uncommitted() {
        return within(4 * MIB, heap / 16, 64 * MIB);
    }

    /** What a producer has not sent yet. The largest row, or dead letter, must fit in. */
    public long producer() {
        return within(16 * MIB, heap / 32, 32 * MIB);
    }

    /** A response of one broker to one consumer, which holds that of one more while it hands the first one out. */
    public int fetch() {
        return (int) within(MIB, heap / 64 / threads, 16 * MIB);
    }

    /** The records that one poll of one consumer returns, without the first. */
    public long poll() {
        return within(MIB, heap / 64 / threads, 16 * MIB);
    }

    /** What a thread's polls have returned and its processors have not had yet: beyond it the thread polls for less. */
    public long unprocessed() {
        return poll();
    }

    private static long within(long least, long wanted, long most) {
        return Math.min(most, Math.max(least, wanted));
    }
}
