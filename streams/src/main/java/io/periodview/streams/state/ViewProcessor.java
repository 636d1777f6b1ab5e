package io.periodview.streams.state;

import io.periodview.streams.intake.EventCounts;
import io.periodview.streams.intake.Intake;
import io.periodview.streams.intake.Notices;
import io.periodview.streams.intake.Origin;
import io.periodview.streams.measured.Meters;
import io.periodview.streams.owned.Held;
import io.periodview.streams.owned.OwnedPartition;
import io.periodview.topics.EventKey;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What happens to every record: one that is no event goes to the dead letters, one of another partition is sent
 * on to it, any other is applied. One of these works for each partition, in one thread.
 */
public final class ViewProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Rejection NOT_SENT_ON = new Rejection(
            Rejection.Code.INVALID_VALUE,
            "Only the service itself writes to this topic; events belong into periods and actions");

    private final Wiring wiring;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private KeyValueStore<Bytes, byte[]> rows;

    @SuppressWarnings("NullAway.Init")
    private ViewWriter writer;

    @SuppressWarnings("NullAway.Init")
    private EventCounts counts;

    @SuppressWarnings("NullAway.Init")
    private OwnedPartition owned;

    /**
     * What the processor needs to know of the topology around it.
     *
     * @param periodsTopic where period events come from; all others are action events
     * @param reroutedTopic where events come from that were sent on
     * @param partitions of each of these topics
     * @param store the view's name
     * @param deadLetters the node that takes rejected records
     * @param rerouted the node that takes records to send on
     * @param notices of the instance
     * @param held where each partition is told of
     * @param meters of the instance
     */
    public record Wiring(
            String periodsTopic,
            String reroutedTopic,
            int partitions,
            String store,
            String deadLetters,
            String rerouted,
            Notices notices,
            Held held,
            Meters meters) {}

    public ViewProcessor(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        // All that is in memory starts anew here, also when the task comes back after a failed transaction.
        this.owned = wiring.held().begin(context.taskId().partition());
        this.rows = context.getStateStore(wiring.store());
        this.writer = new ViewWriter(rows, owned.versions());
        ViewStore.beforeCommit(rows, this::write);
        this.counts = EventCounts.open(context.metrics(), context.taskId(), wiring.notices(), wiring.meters());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        RecordMetadata at = context.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("Records of the topology's topics have metadata"));
        Origin origin = new Origin(at.topic(), at.partition(), at.offset(), record.timestamp());
        if (at.topic().equals(wiring.reroutedTopic())) {
            cameBack(record, origin);
        } else {
            arrived(record, origin);
        }
        // What is taken while more is at hand is written with it, before the transaction commits at the latest.
        if (owned.positions().taken(at.topic(), at.offset())) {
            write();
            counts.visible(origin);
        }
    }

    private void write() {
        writer.write();
        owned.positions().applied();
    }

    private void arrived(Record<byte[], byte[]> record, Origin origin) {
        // What is bad is bad wherever it is, and may be too large for the way.
        Intake.Taken taken = read(record, origin);
        if (taken instanceof Intake.Taken.Accepted accepted
                && TeamPartitioner.partitionOf(accepted.change().key().teamId(), wiring.partitions())
                        != origin.partition()) {
            counts.rerouted(origin);
            context.forward(record.withHeaders(origin.sentOn(record.headers())), wiring.rerouted());
        } else {
            take(record, taken, origin);
        }
    }

    private void cameBack(Record<byte[], byte[]> record, Origin here) {
        Headers headers = record.headers();
        Origin first = Origin.ofSentOn(headers);
        if (first == null) {
            reject(record, here, NOT_SENT_ON);
        } else {
            take(record.withHeaders(Origin.ownOfSentOn(headers)), read(record, first), first);
        }
    }

    private Intake.Taken read(Record<byte[], byte[]> record, Origin origin) {
        Intake.Kind kind = origin.topic().equals(wiring.periodsTopic()) ? Intake.Kind.PERIODS : Intake.Kind.ACTIONS;
        return Intake.take(kind, EventKey.parse(record.key()), record.key(), record.value(), origin.timestamp());
    }

    private void take(Record<byte[], byte[]> record, Intake.Taken taken, Origin origin) {
        if (taken instanceof Intake.Taken.Accepted accepted) {
            byte[] value = record.value();
            writer.take(accepted.change(), value == null ? 0 : value.length);
            counts.applied();
        } else {
            reject(record, origin, ((Intake.Taken.Rejected) taken).rejection());
        }
    }

    private void reject(Record<byte[], byte[]> record, Origin origin, Rejection rejection) {
        counts.rejected(origin, rejection.code());
        context.forward(
                record.withHeaders(origin.rejected(record.headers(), rejection))
                        .withTimestamp(context.currentSystemTimeMs()),
                wiring.deadLetters());
    }

    @Override
    public void close() {
        ViewStore.beforeCommit(rows, () -> {});
        wiring.held().end(owned);
        counts.close();
    }
}
