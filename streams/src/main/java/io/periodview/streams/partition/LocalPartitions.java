package io.periodview.streams.partition;

import io.periodview.streams.checkpoint.ChangelogFacts;
import io.periodview.streams.checkpoint.CheckpointCheck.Rows;
import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.memory.MemoryBudget;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.PartitionStatus.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this instance hosts. What Kafka Streams says of them comes late: its metadata names an owner that
 * has lost a partition, and shows a store that is being restored. So the threads that do the work report it: the processor
 * when it is initialized and closed, the consumers at every poll, the store when it is opened. Thread-safe.
 */
public final class LocalPartitions {

    /** For rows of hot periods, of all partitions: some sixty thousand rows of half a kilobyte on a heap of a GiB. */
    private static final long CACHE_BYTES = HeapBudgets.cacheHere();

    private final Duration session;
    private final Set<String> topics;
    private final List<String> checkedInputs;
    private final Supplier<@Nullable ChangelogFacts> changelog;
    private final Map<Integer, OwnedPartition> owned = new ConcurrentHashMap<>();
    private final Map<Integer, StandbyReplica> replicas = new ConcurrentHashMap<>();
    private final MemoryBudget cacheMemory = new MemoryBudget(CACHE_BYTES);
    private final Map<Thread, OwnershipLease> leases = new ConcurrentHashMap<>();
    private final RestoreProgress restores;

    /** Threads that have begun a transaction and not committed it. */
    private final Set<Thread> inTransaction = ConcurrentHashMap.newKeySet();

    private volatile Runnable opened = () -> {};
    private final AtomicBoolean wantsRebalance = new AtomicBoolean();

    /**
     * @param session after which the group gives the partitions of an unresponsive member to others
     * @param topics that each partition consists of
     */
    public LocalPartitions(Duration session, Set<String> topics) {
        this(session, topics, new RestoreProgress("", ServiceMetrics.NONE));
    }

    /** @param restores of the partitions, which Kafka Streams reports */
    public LocalPartitions(Duration session, Set<String> topics, RestoreProgress restores) {
        this(session, topics, restores, List.of(), () -> null);
    }

    /**
     * @param checkedInputs the topics in the order of {@link io.periodview.streams.checkpoint.Checkpoint}: a partition is
     *     read and shown only once its rows are known to belong to them; none if that is not checked
     * @param changelog asks the brokers for what is known of it now; null if that is not checked
     */
    public LocalPartitions(
            Duration session,
            Set<String> topics,
            RestoreProgress restores,
            List<String> checkedInputs,
            Supplier<@Nullable ChangelogFacts> changelog) {
        this.session = session;
        this.topics = Set.copyOf(topics);
        this.restores = restores;
        this.checkedInputs = List.copyOf(checkedInputs);
        this.changelog = changelog;
    }

    /** Calls back whenever a partition is opened, or owned from now on; by the thread that opens it. */
    public void onOpened(Runnable callback) {
        this.opened = callback;
    }

    /** The store of a partition was opened; it may be empty. */
    public void opened(int partition, Rows rows) {
        replica(partition).opened(rows);
        opened.run();
    }

    /** What the brokers say of the changelog now; null if that is not checked. */
    public @Nullable ChangelogFacts changelog() {
        return changelog.get();
    }

    /** The partitions of which rows are stored here. */
    public Set<Integer> stored() {
        Set<Integer> stored = new TreeSet<>();
        replicas.forEach((partition, replica) -> {
            if (replica.isOpen()) {
                stored.add(partition);
            }
        });
        return stored;
    }

    /** Of which positions are known. */
    public Set<String> topics() {
        return topics;
    }

    /** The calling thread owns a partition from now on: it is restored, and the next event is its to apply. */
    public OwnedPartition activate(int partition) {
        OwnedPartition now =
                new OwnedPartition(partition, leaseOf(Thread.currentThread()), topics, checkedInputs, cacheMemory);
        OwnedPartition before = owned.put(partition, now);
        if (before != null) {
            before.close();
        }
        opened.run();
        return now;
    }

    public void deactivate(OwnedPartition partition) {
        partition.close();
        owned.remove(partition.partition(), partition);
    }

    /** The partition if this instance owns it, and its ownership is confirmed. */
    public @Nullable OwnedPartition owned(int partition) {
        OwnedPartition here = owned.get(partition);
        return here != null && here.isOwnershipConfirmed() ? here : null;
    }

    /** The partition if this instance owned it until no broker answered, as far as it knows. */
    public @Nullable OwnedPartition cutOff(int partition) {
        OwnedPartition here = owned.get(partition);
        return here != null && here.isCutOff() ? here : null;
    }

    /** Also while its ownership is not confirmed. */
    public @Nullable OwnedPartition active(int partition) {
        return owned.get(partition);
    }

    /** Whether this instance owns the partition, confirmed or not. */
    public boolean isActive(int partition) {
        return owned.containsKey(partition);
    }

    /** The calling thread has begun a transaction. */
    void transactionBegun() {
        inTransaction.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        inTransaction.add(Thread.currentThread());
    }

    /** The calling thread's transaction is committed. */
    void transactionCommitted() {
        inTransaction.remove(Thread.currentThread());
    }

    /** Whether the transaction that the calling thread has begun last is not committed: it may be open, or have failed. */
    public boolean isInTransaction() {
        return inTransaction.contains(Thread.currentThread());
    }

    /**
     * The files of a partition are gone, and it will be restored: others may have a standby that is nearer to the end. A
     * static member would get its partitions back as they were.
     */
    public void localStateLost() {
        wantsRebalance.set(true);
    }

    /** Whether to ask the group for a rebalance; once for each time that it is needed. */
    boolean takeRebalanceRequest() {
        return wantsRebalance.compareAndSet(true, false);
    }

    /** The local rows of a partition, owned or not. */
    public StandbyReplica replica(int partition) {
        return Objects.requireNonNull(
                replicas.computeIfAbsent(partition, unknown -> new StandbyReplica(!checkedInputs.isEmpty())));
    }

    /** Bytes of the heap that the rows of hot periods take. */
    public long rowCacheBytes() {
        return cacheMemory.used();
    }

    /** The longest time since a stream thread that lives has polled; zero if there is none. */
    public Duration longestPollAge() {
        return Duration.ofNanos(leases.entrySet().stream()
                .filter(each -> each.getKey().isAlive())
                .mapToLong(each -> each.getValue().pollAge())
                .max()
                .orElse(0));
    }

    /** All that this instance hosts, by partition. */
    public List<PartitionStatus> statuses() {
        List<PartitionStatus> statuses = new ArrayList<>();
        for (int partition : stored()) {
            statuses.add(status(partition, replica(partition)));
        }
        return statuses;
    }

    private PartitionStatus status(int partition, StandbyReplica replica) {
        OwnedPartition here = owned.get(partition);
        if (here != null) {
            return new PartitionStatus(
                    partition,
                    role(here),
                    here.offsets().current(),
                    here.offsets().lag(),
                    null,
                    null,
                    here.admission().problem());
        }
        RestoreProgress.Progress restore = restores.of(partition);
        if (restore != null) {
            return new PartitionStatus(partition, Role.RESTORING, Map.of(), Map.of(), null, restore, null);
        }
        Role role = replica.isRefused() ? Role.REFUSED : replica.snapshot() == null ? Role.CATCHING_UP : Role.STANDBY;
        return new PartitionStatus(partition, role, Map.of(), Map.of(), replica.lag(), null, replica.problem());
    }

    private static Role role(OwnedPartition here) {
        if (!here.admission().mayAnswer()) {
            return here.admission().isOpen() ? Role.BUILDING : Role.REFUSED;
        }
        return here.isOwnershipConfirmed() ? Role.OWNER : here.isCutOff() ? Role.CUT_OFF : Role.UNCONFIRMED;
    }

    OwnershipLease leaseOf(Thread thread) {
        leases.keySet().removeIf(other -> other != thread && other.getState() == Thread.State.TERMINATED);
        return Objects.requireNonNull(
                leases.computeIfAbsent(thread, unknown -> new OwnershipLease(session, System::nanoTime)));
    }
}
