package io.periodview.streams.partition;

import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.memory.MemoryBudget;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * A partition while this instance owns it, from the first event it may apply to the last. There is a new one after every
 * rebalance that moves the partition and every transaction that fails. Thread-safe.
 */
public final class OwnedPartition {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final int partition;
    private final OwnershipLease lease;
    private final String ownershipNonce = HexFormat.of().toHexDigits(RANDOM.nextLong());
    private final AppliedOffsets offsets;
    private final Admission admission;
    private final ReadCache cache;
    private volatile boolean closed;

    /** @param inputs periods, actions and rerouted, in this order; none if there is nothing to check */
    OwnedPartition(
            int partition, OwnershipLease lease, Set<String> topics, List<String> inputs, MemoryBudget cacheMemory) {
        this.partition = partition;
        this.lease = lease;
        this.offsets = new AppliedOffsets(topics);
        this.admission = inputs.isEmpty() ? Admission.granted() : new Admission(partition, inputs, offsets);
        this.cache = new ReadCache(cacheMemory);
    }

    public int partition() {
        return partition;
    }

    /** Not the same for any other owner of this partition, before or after: it makes versions of the cache unique. */
    public String ownershipNonce() {
        return ownershipNonce;
    }

    /** How far this owner is in its topics. */
    public AppliedOffsets offsets() {
        return offsets;
    }

    /** Whether its rows may be shown, and events applied. */
    public Admission admission() {
        return admission;
    }

    /** What readers may reuse. */
    public ReadCache cache() {
        return cache;
    }

    /** Whether it is owned, as far as this instance can know, its position is known, and its rows may be shown. */
    public boolean isOwnershipConfirmed() {
        return !closed && offsets.isInitialized() && lease.isValid() && admission.mayAnswer();
    }

    /**
     * Whether its thread has not polled for long, as it does while no broker answers: nobody is known to own the partition,
     * and the rows are what they were. Just after a pause it is not, as the group will soon have said who owns it.
     */
    boolean isCutOff() {
        return !closed && offsets.isInitialized() && lease.isOverdue() && admission.mayAnswer();
    }

    /** Whether the rows are still those of this owner. */
    public boolean isOpen() {
        return !closed;
    }

    void close() {
        closed = true;
        offsets.close();
        cache.close();
    }
}
