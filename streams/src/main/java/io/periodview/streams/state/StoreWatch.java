package io.periodview.streams.state;

import java.time.Duration;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Touches the store in the thread that owns it now and then, since where no events come, nobody else would notice that a
 * reader found the store unreadable, and restore it. Takes no records.
 */
public final class StoreWatch implements Processor<byte[], byte[], Void, Void> {

    /** Each time costs an empty commit. */
    private static final Duration NOW_AND_THEN = Duration.ofSeconds(5);

    /** No row has it: what counts is whether the store can be read. */
    private static final Bytes NONE = Bytes.wrap(new byte[0]);

    private final String store;
    private @Nullable Cancellable looks;

    public StoreWatch(String store) {
        this.store = store;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        KeyValueStore<Bytes, byte[]> rows = context.getStateStore(store);
        looks = context.schedule(NOW_AND_THEN, PunctuationType.WALL_CLOCK_TIME, now -> rows.get(NONE));
    }

    /** A task that begins anew keeps what was scheduled. */
    @Override
    public void close() {
        if (looks != null) {
            looks.cancel();
        }
    }

    @Override
    public void process(Record<byte[], byte[]> none) {
        throw new IllegalStateException("Nothing is forwarded to the watch of the store");
    }
}
