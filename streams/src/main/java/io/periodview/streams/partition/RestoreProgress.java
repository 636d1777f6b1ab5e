package io.periodview.streams.partition;

import io.periodview.streams.metrics.ServiceMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.jspecify.annotations.Nullable;

/** The partitions that are being restored, to be owned by this instance when they are complete. Thread-safe. */
public final class RestoreProgress implements StateRestoreListener {

    private final String store;
    private final ServiceMetrics metrics;
    private final LongSupplier nanos;
    private final Map<Integer, Progress> byPartition = new ConcurrentHashMap<>();

    /**
     * How far the restore of a partition is, in offsets of the changelog.
     *
     * @param next the first that is not restored yet
     * @param end behind the last
     * @param startedAt as {@link System#nanoTime} said
     */
    public record Progress(long start, long next, long end, long startedAt) {

        public long total() {
            return Math.max(0, end - start);
        }

        public long remaining() {
            return Math.max(0, end - next);
        }
    }

    /** @param store whose restores count */
    public RestoreProgress(String store, ServiceMetrics metrics) {
        this(store, metrics, System::nanoTime);
    }

    RestoreProgress(String store, ServiceMetrics metrics, LongSupplier nanos) {
        this.store = store;
        this.metrics = metrics;
        this.nanos = nanos;
    }

    /** How far the partition's restore is, or null if it is not being restored. */
    public @Nullable Progress of(int partition) {
        return byPartition.get(partition);
    }

    @Override
    public void onRestoreStart(TopicPartition changelog, String name, long start, long end) {
        if (name.equals(store)) {
            byPartition.put(changelog.partition(), new Progress(start, start, end, nanos.getAsLong()));
        }
    }

    /** @param upTo the last offset that is restored */
    @Override
    public void onBatchRestored(TopicPartition changelog, String name, long upTo, long records) {
        if (name.equals(store)) {
            byPartition.computeIfPresent(
                    changelog.partition(),
                    (partition, before) -> new Progress(before.start(), upTo + 1, before.end(), before.startedAt()));
        }
    }

    @Override
    public void onRestoreEnd(TopicPartition changelog, String name, long records) {
        if (name.equals(store)) {
            byPartition.remove(changelog.partition());
            metrics.restored();
        }
    }

    /** The partition was given to another instance before it was complete. */
    @Override
    public void onRestoreSuspended(TopicPartition changelog, String name, long records) {
        if (name.equals(store)) {
            byPartition.remove(changelog.partition());
        }
    }
}
