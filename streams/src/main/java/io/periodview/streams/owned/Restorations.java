package io.periodview.streams.owned;

import io.periodview.streams.measured.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/** The partitions that are being restored, to be owned by this instance when they are whole. Thread-safe. */
public final class Restorations implements StateRestoreListener {

    private final String store;
    private final Meters meters;
    private final LongSupplier nanos;
    private final Map<Integer, Restoration> byPartition = new ConcurrentHashMap<>();

    /**
     * How far a restoration is, in offsets of the changelog.
     *
     * @param next the first that is not restored yet
     * @param end behind the last
     * @param startedAt as {@link System#nanoTime} said
     */
    public record Restoration(long start, long next, long end, long startedAt) {

        public long total() {
            return Math.max(0, end - start);
        }

        public long remaining() {
            return Math.max(0, end - next);
        }
    }

    /** @param store whose restorations count */
    public Restorations(String store, Meters meters) {
        this(store, meters, System::nanoTime);
    }

    Restorations(String store, Meters meters, LongSupplier nanos) {
        this.store = store;
        this.meters = meters;
        this.nanos = nanos;
    }

    /** The partition's restoration, or null if it is not being restored. */
    public @Nullable Restoration of(int partition) {
        return byPartition.get(partition);
    }

    @Override
    public void onRestoreStart(TopicPartition changelog, String name, long start, long end) {
        if (name.equals(store)) {
            byPartition.put(changelog.partition(), new Restoration(start, start, end, nanos.getAsLong()));
        }
    }

    /** @param upTo the last offset that is restored */
    @Override
    public void onBatchRestored(TopicPartition changelog, String name, long upTo, long records) {
        if (name.equals(store)) {
            byPartition.computeIfPresent(
                    changelog.partition(),
                    (partition, before) -> new Restoration(before.start(), upTo + 1, before.end(), before.startedAt()));
        }
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String name, long records) {
        if (name.equals(store)) {
            byPartition.remove(changelog.partition());
            meters.restored();
        }
    }

    /** The partition went elsewhere before it was whole. */
    @Override
    public void onRestoreSuspended(TopicPartition changelog, String name, long records) {
        if (name.equals(store)) {
            byPartition.remove(changelog.partition());
        }
    }
}
