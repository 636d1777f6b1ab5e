package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs which event could not be written to the dead letters, and why. Kafka Streams then stops the task, or starts it
 * again; its stack traces name no event. Thread-safe.
 */
public final class DeadLetterFailureLogger implements ProducerInterceptor<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterFailureLogger.class);

    /** All records of a batch fail at once, and the same ones again and again. */
    private static final long LOG_INTERVAL = TimeUnit.SECONDS.toNanos(10);

    private final AtomicLong nextLog = new AtomicLong(System.nanoTime());

    @Override
    public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
        return record;
    }

    @Override
    public void onAcknowledgement(@Nullable RecordMetadata at, @Nullable Exception failure, @Nullable Headers headers) {
        if (at == null || headers == null || !(failure instanceof ApiException) || isFollowUp(failure)) {
            return;
        }
        String topic = text(headers, "__streams.errors.topic");
        long now = System.nanoTime();
        long next = nextLog.get();
        if (topic == null || now < next || !nextLog.compareAndSet(next, now + LOG_INTERVAL)) {
            return;
        }
        LOG.error(
                "The event {}-{}@{} is rejected ({}) and cannot be written to {}: {} The partitions of its thread are"
                        + " stalled until it can; no data is lost. {}",
                topic,
                text(headers, "__streams.errors.partition"),
                text(headers, "__streams.errors.offset"),
                text(headers, "__streams.errors.exception"),
                at.topic(),
                sentence(failure),
                failure instanceof RetriableException
                        ? "Are all brokers up?"
                        : "Fix the topic: `period-view topics` shows what is wrong with it");
    }

    /** What happens to the other records of a transaction that is given up, or to an instance that lost a partition. */
    private static boolean isFollowUp(Exception failure) {
        return failure instanceof TransactionAbortedException
                || failure instanceof ProducerFencedException
                || failure instanceof InvalidProducerEpochException
                || failure instanceof InvalidPidMappingException
                || failure instanceof OutOfOrderSequenceException;
    }

    private static @Nullable String text(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    private static String sentence(Exception failure) {
        String message = String.valueOf(failure.getMessage());
        return message.endsWith(".") ? message : message + ".";
    }

    @Override
    public void close() {}

    @Override
    public void configure(Map<String, ?> settings) {}
}
