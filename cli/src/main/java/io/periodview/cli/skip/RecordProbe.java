package io.periodview.cli.skip;

import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.streams.intake.OversizedRecord;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;

/** Looks at one offset, as committed, and at nothing else. One thread at a time. */
final class RecordProbe implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(200);

    private final TopicPartition partition;
    private final KafkaConsumer<byte[], byte[]> consumer;

    RecordProbe(KafkaOptions options, TopicPartition partition) {
        this.partition = partition;
        Map<String, Object> properties = options.consumerProperties();
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // The fetch ends with the batch that holds the record.
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        // An offset that is not there is a finding.
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        this.consumer = new KafkaConsumer<>(properties);
        consumer.assign(List.of(partition));
    }

    /** @throws CommandFailedException if the cluster does not deliver what is there */
    Finding at(long offset) {
        long start = boundary(consumer.beginningOffsets(List.of(partition), TIMEOUT));
        if (offset < start) {
            return new Finding.Gone(start);
        }
        long end = boundary(consumer.endOffsets(List.of(partition), TIMEOUT));
        if (offset >= end) {
            return new Finding.NotYet(end);
        }
        consumer.seek(partition, offset);
        try {
            return read(offset);
        } catch (OutOfMemoryError e) {
            return new Finding.Unreadable("It is too large for this process's heap of "
                    + (Runtime.getRuntime().maxMemory() >> 20) + " MiB.");
        } catch (OffsetOutOfRangeException e) {
            return new Finding.Gone(boundary(consumer.beginningOffsets(List.of(partition), TIMEOUT)));
        } catch (KafkaException e) {
            if (!isOfTheRecord(e)) {
                throw e;
            }
            return new Finding.Unreadable(KafkaErrors.reason(e));
        }
    }

    private Finding read(long offset) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                return record.offset() == offset ? found(record) : new Finding.Nothing();
            }
            if (consumer.position(partition, TIMEOUT) > offset) {
                return new Finding.Nothing();
            }
        }
        throw new CommandFailedException(partition + " cannot be read at " + offset + " within " + TIMEOUT.toSeconds()
                + " s; are all of its brokers up?");
    }

    private static Finding found(ConsumerRecord<byte[], byte[]> record) {
        OversizedRecord kept = OversizedRecord.of(record.key(), record.value(), record.headers());
        return kept == null ? new Finding.Readable(record) : new Finding.Oversized(record, kept);
    }

    /** The consumer has no class of its own for what it cannot read; what else can happen has one. */
    private static boolean isOfTheRecord(KafkaException e) {
        return e.getClass() == KafkaException.class
                || e instanceof CorruptRecordException
                || e instanceof InvalidRecordException;
    }

    private long boundary(Map<TopicPartition, Long> offsets) {
        return offsets.getOrDefault(partition, 0L);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
