package io.periodview.streams.state;

import io.periodview.streams.intake.Intake;
import io.periodview.streams.intake.Origin;
import io.periodview.topics.EventKey;
import io.periodview.topics.EventSize;
import io.periodview.topics.Rejection;
import io.periodview.topics.TeamPartitioner;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What happens to every record: one of another partition is sent on to it, one that is no event goes to the dead
 * letters, any other is applied. One of these works for each partition, in one thread.
 */
public final class ViewProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private static final Rejection NOT_SENT_ON = new Rejection(
            Rejection.Code.INVALID_VALUE,
            "Only the service itself writes to this topic; events belong into periods and actions");

    private final Wiring wiring;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private ProcessorContext<byte[], byte[]> context;

    @SuppressWarnings("NullAway.Init")
    private ViewWriter writer;

    /**
     * What the processor needs to know of the topology around it.
     *
     * @param periodsTopic where period events come from; all others are action events
     * @param reroutedTopic where events come from that were sent on
     * @param partitions of each of these topics
     * @param store the view's name
     * @param deadLetters the node that takes rejected records
     * @param rerouted the node that takes records to send on
     */
    public record Wiring(
            String periodsTopic,
            String reroutedTopic,
            int partitions,
            String store,
            String deadLetters,
            String rerouted) {}

    public ViewProcessor(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        // All that is in memory starts anew here, also when the task comes back after a failed transaction.
        this.writer = new ViewWriter(context.getStateStore(wiring.store()));
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
    }

    private void arrived(Record<byte[], byte[]> record, Origin origin) {
        EventKey key = EventKey.parse(record.key());
        // What is too large for an event may be too large for the way, too.
        if (key == null
                || EventSize.isExceededBy(record.value())
                || TeamPartitioner.partitionOf(key.teamId(), wiring.partitions()) == origin.partition()) {
            take(record, key, origin);
        } else {
            context.forward(record.withHeaders(origin.sentOn(record.headers())), wiring.rerouted());
        }
    }

    private void cameBack(Record<byte[], byte[]> record, Origin here) {
        Headers headers = record.headers();
        Origin first = Origin.ofSentOn(headers);
        if (first == null) {
            reject(record, here, NOT_SENT_ON);
        } else {
            take(record.withHeaders(Origin.ownOfSentOn(headers)), EventKey.parse(record.key()), first);
        }
    }

    private void take(Record<byte[], byte[]> record, @Nullable EventKey key, Origin origin) {
        Intake.Kind kind = origin.topic().equals(wiring.periodsTopic()) ? Intake.Kind.PERIODS : Intake.Kind.ACTIONS;
        Intake.Taken taken = Intake.take(kind, key, record.key(), record.value(), origin.timestamp());
        if (taken instanceof Intake.Taken.Accepted accepted) {
            writer.apply(accepted.change());
        } else {
            reject(record, origin, ((Intake.Taken.Rejected) taken).rejection());
        }
    }

    private void reject(Record<byte[], byte[]> record, Origin origin, Rejection rejection) {
        context.forward(
                record.withHeaders(origin.rejected(record.headers(), rejection))
                        .withTimestamp(context.currentSystemTimeMs()),
                wiring.deadLetters());
    }
}
