package io.periodview.streams.apply;

import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OversizedRecord;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import io.periodview.streams.store.ViewStore;
import io.periodview.topics.ParseResult;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import java.time.Duration;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What happens to every record: one that is no event goes to the dead letters, one of another partition is rerouted to it,
 * any other is applied. One of these works for each partition, in one thread.
 */
public final class ViewProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Rejection NOT_REROUTED = new Rejection(
            Rejection.Code.INVALID_VALUE,
            "Only the service itself writes to this topic; events belong into periods and actions");

    /** Each time costs an empty commit where no events come. */
    private static final Duration TICK = Duration.ofSeconds(5);

    /** No row has it: what counts is whether the store can be read. */
    private static final Bytes PROBE = Bytes.wrap(new byte[0]);

    private final Wiring wiring;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<Bytes, byte[]> rows;

    @SuppressWarnings("NullAway.Init")
    private ViewWriter writer;

    @SuppressWarnings("NullAway.Init")
    private OwnedPartition owned;

    @SuppressWarnings("NullAway.Init")
    private Cancellable ticks;

    /**
     * What the processor needs to know of the topology around it.
     *
     * @param store the view's name
     * @param deadLetters the node that takes rejected records
     * @param rerouted the node that takes records of another partition
     * @param eventLog of the instance
     * @param partitions are notified that one is owned
     * @param metrics of the instance
     */
    public record Wiring(
            EventTopics topics,
            String store,
            String deadLetters,
            String rerouted,
            ThrottledEventLog eventLog,
            LocalPartitions partitions,
            ServiceMetrics metrics) {}

    public ViewProcessor(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        // All that is in memory starts from scratch here, also when the task comes back after a failed transaction.
        this.owned = wiring.partitions().activate(context.taskId().partition());
        this.rows = context.getStateStore(wiring.store());
        this.writer = new ViewWriter(rows, owned.cache());
        ViewStore.beforeCommit(rows, this::write);
        this.ticks = context.schedule(TICK, PunctuationType.WALL_CLOCK_TIME, now -> tick());
    }

    /**
     * Where no events come, nobody but this thread would notice that a reader found the store unreadable, and restore it;
     * and the last of a burst of events is to be logged without another one after it.
     */
    private void tick() {
        rows.get(PROBE);
        wiring.eventLog().write();
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("Records of the topology's topics have metadata"));
        RecordOrigin origin = new RecordOrigin(at.topic(), at.partition(), at.offset(), record.timestamp());
        boolean isBuffered = !isOversized(record, origin)
                && (at.topic().equals(wiring.topics().rerouted())
                        ? processRerouted(record, origin)
                        : processArrived(record, origin));
        // What is buffered while more is fetched is written with it, before the transaction commits at the latest.
        if (owned.offsets().buffered(at.topic(), at.offset())) {
            write();
            if (isBuffered) {
                wiring.metrics().visible(System.currentTimeMillis() - origin.timestamp());
            }
        }
    }

    private void write() {
        writer.write();
        owned.offsets().applied();
    }

    /** Such a record is no event wherever it is, and not all of it goes to the dead letters. */
    private boolean isOversized(Record<byte[], byte[]> record, RecordOrigin origin) {
        OversizedRecord oversized = OversizedRecord.of(record.key(), record.value(), record.headers());
        if (oversized == null) {
            return false;
        }
        reject(
                record.withKey(oversized.key()).<byte[]>withValue(null).withHeaders(oversized.headers()),
                origin,
                oversized.rejection(),
                oversized.omissions());
        return true;
    }

    /** Whether it is to be applied here. */
    private boolean processArrived(Record<byte[], byte[]> record, RecordOrigin origin) {
        // A bad event is rejected wherever it is: it may be too large to be rerouted.
        ParseResult<Change> result = decode(record, origin);
        if (result instanceof ParseResult.Parsed<Change> parsed
                && TeamPartitioner.partitionOf(
                                parsed.value().key().teamId(), wiring.topics().partitions())
                        != origin.partition()) {
            wiring.metrics().rerouted();
            wiring.eventLog().rerouted(origin);
            context.forward(record.withHeaders(origin.rerouteHeaders(record.headers())), wiring.rerouted());
            return false;
        }
        return apply(record, result, origin);
    }

    /** Whether it is to be applied here. */
    private boolean processRerouted(Record<byte[], byte[]> record, RecordOrigin here) {
        Headers headers = record.headers();
        RecordOrigin origin = RecordOrigin.fromRerouteHeaders(headers);
        if (origin == null) {
            reject(record, here, NOT_REROUTED);
            return false;
        }
        Record<byte[], byte[]> arrived = record.withHeaders(RecordOrigin.originalHeaders(headers));
        return apply(arrived, decode(arrived, origin), origin);
    }

    private ParseResult<Change> decode(Record<byte[], byte[]> record, RecordOrigin origin) {
        EventDecoder.Kind kind = origin.topic().equals(wiring.topics().periods())
                ? EventDecoder.Kind.PERIODS
                : EventDecoder.Kind.ACTIONS;
        return EventDecoder.decode(kind, record.key(), record.value(), record.headers(), origin.timestamp());
    }

    private boolean apply(Record<byte[], byte[]> record, ParseResult<Change> result, RecordOrigin origin) {
        if (result instanceof ParseResult.Rejected<Change> rejected) {
            reject(record, origin, rejected.rejection());
            return false;
        }
        byte[] value = record.value();
        writer.enqueue(((ParseResult.Parsed<Change>) result).value(), value == null ? 0 : value.length);
        wiring.metrics().applied();
        return true;
    }

    private void reject(Record<byte[], byte[]> record, RecordOrigin origin, Rejection rejection) {
        reject(record, origin, rejection, Omissions.NONE);
    }

    private void reject(Record<byte[], byte[]> record, RecordOrigin origin, Rejection rejection, Omissions omissions) {
        wiring.metrics().rejected(rejection.code());
        wiring.eventLog().rejected(origin, rejection.code());
        context.forward(
                record.withHeaders(origin.rejected(record.headers(), rejection, omissions))
                        .withTimestamp(context.currentSystemTimeMs()),
                wiring.deadLetters());
    }

    @Override
    public void close() {
        ticks.cancel(); // a task that begins again keeps what was scheduled
        ViewStore.beforeCommit(rows, () -> {});
        wiring.partitions().deactivate(owned);
    }
}
