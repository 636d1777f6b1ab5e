package io.periodview.streams.owned;

import io.periodview.streams.measured.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that this instance holds. What Kafka Streams says of them comes late: its metadata names an owner that
 * has lost a partition, and shows a store that is being restored. This is told by those who do the work: the processor
 * when it begins and ends, the consumers at every poll, the store when it is opened. Thread-safe.
 */
public final class Held {

    private final Duration session;
    private final Set<String> topics;
    private final Map<Integer, OwnedPartition> owned = new ConcurrentHashMap<>();
    private final Map<Integer, Copy> copies = new ConcurrentHashMap<>();
    private final LiveSpace space = new LiveSpace();
    private final Map<Thread, Polls> polls = new ConcurrentHashMap<>();
    private final Restorations restorations;

    /**
     * @param session after which the group gives the partitions of a silent member to others
     * @param topics that each partition consists of
     */
    public Held(Duration session, Set<String> topics) {
        this(session, topics, new Restorations("", Meters.NONE));
    }

    /** @param restorations of the partitions, which Kafka Streams tells */
    public Held(Duration session, Set<String> topics, Restorations restorations) {
        this.session = session;
        this.topics = Set.copyOf(topics);
        this.restorations = restorations;
    }

    /** Of which positions are known. */
    public Set<String> topics() {
        return topics;
    }

    /** The calling thread owns a partition from now on: it is restored, and the next event is its to apply. */
    public OwnedPartition begin(int partition) {
        OwnedPartition begun = new OwnedPartition(partition, pollsOf(Thread.currentThread()), topics, space);
        OwnedPartition before = owned.put(partition, begun);
        if (before != null) {
            before.end();
        }
        return begun;
    }

    public void end(OwnedPartition partition) {
        partition.end();
        owned.remove(partition.partition(), partition);
    }

    /** The partition if this instance owns it, and may say so. */
    public @Nullable OwnedPartition owned(int partition) {
        OwnedPartition here = owned.get(partition);
        return here != null && here.isSure() ? here : null;
    }

    /** Also when it has been silent for too long to say so. */
    @Nullable
    OwnedPartition begun(int partition) {
        return owned.get(partition);
    }

    /** The local rows of a partition, owned or not. */
    public Copy copy(int partition) {
        return Objects.requireNonNull(copies.computeIfAbsent(partition, unknown -> new Copy()));
    }

    /** Bytes of the heap that rows take which are kept for readers. */
    public long liveBytes() {
        return space.taken();
    }

    /** How long the most silent of the stream threads that live has not asked for events; zero if there is none. */
    public Duration longestSilence() {
        return Duration.ofNanos(polls.entrySet().stream()
                .filter(each -> each.getKey().isAlive())
                .mapToLong(each -> each.getValue().silence())
                .max()
                .orElse(0));
    }

    /** All that this instance holds, by partition. */
    public List<Holding> holdings() {
        List<Holding> holdings = new ArrayList<>();
        for (int partition : new TreeSet<>(copies.keySet())) {
            Copy copy = copy(partition);
            if (copy.isOpen()) {
                holdings.add(holding(partition, copy));
            }
        }
        return holdings;
    }

    private Holding holding(int partition, Copy copy) {
        OwnedPartition here = owned.get(partition);
        if (here != null) {
            Holding.Role role = here.isSure() ? Holding.Role.OWNER : Holding.Role.DOUBTFUL;
            return new Holding(
                    partition, role, here.positions().now(), here.positions().lag(), null, null);
        }
        Restorations.Restoration restoration = restorations.of(partition);
        if (restoration != null) {
            return new Holding(partition, Holding.Role.RESTORING, Map.of(), Map.of(), null, restoration);
        }
        Holding.Role role = copy.look() == null ? Holding.Role.CATCHING_UP : Holding.Role.STANDBY;
        return new Holding(partition, role, Map.of(), Map.of(), copy.behind(), null);
    }

    Polls pollsOf(Thread thread) {
        polls.keySet().removeIf(other -> other != thread && other.getState() == Thread.State.TERMINATED);
        return Objects.requireNonNull(polls.computeIfAbsent(thread, unknown -> new Polls(session, System::nanoTime)));
    }
}
