package io.periodview.streams;

import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.store.RocksDbConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

/**
 * How Kafka Streams is set, each with its reason.
 *
 * @param client settings of any Kafka client, from the operator: {@code bootstrap.servers}, security and the like; they
 *     win over most of what is set here
 * @param self where the other instances reach this one's API
 * @param standbys standbys of each partition on other instances, kept ready to take over
 * @param storeMemory bytes for all stores of the process, together, beside the JVM's heap
 */
public record StreamsSettings(
        String applicationId,
        Map<String, Object> client,
        Path stateDir,
        HostInfo self,
        int threads,
        int standbys,
        long storeMemory) {

    /** With the usual memory. */
    public StreamsSettings(
            String applicationId, Map<String, Object> client, Path stateDir, HostInfo self, int threads, int standbys) {
        this(applicationId, client, stateDir, self, threads, standbys, RocksDbConfig.DEFAULT_MEMORY);
    }

    /**
     * Bytes of the largest changelog row, with room: a period has its names twice, and JSON may say in six bytes what its
     * event says in two. So an event of 1 MiB makes a row of little more than six.
     */
    static final int MAX_ROW_BYTES = 8 << 20;

    /** Bytes of a dead letter: up to 8 MiB of its record, and the headers that say why, with room. As in topics.yaml. */
    public static final int MAX_DEAD_LETTER_BYTES = 9 << 20;

    /** What of the heap is for whom. */
    HeapBudgets heap() {
        return HeapBudgets.here(threads);
    }

    /** After this the group gives the partitions of an unresponsive instance to others. */
    Duration sessionTimeout() {
        Object millis = toConfig().get(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG));
        return Duration.ofMillis(Long.parseLong(String.valueOf(millis)));
    }

    /** After this the group takes a thread that does not poll for hung. */
    Duration maxPollInterval() {
        Object millis = client.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
        return millis == null ? Duration.ofMinutes(5) : Duration.ofMillis(Long.parseLong(String.valueOf(millis)));
    }

    public Map<String, Object> toConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, threads);
        config.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, standbys);

        // With the newer protocol, 4.3.1 routes reads to the wrong live host after a failover (KAFKA-20887).
        config.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // Readers see a write at once; dead letters and rerouted events come out at the commit.
        config.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
        // Live, it is some kilobytes; while a history is caught up with, a tenth of a second's events.
        config.put(StreamsConfig.STATESTORE_UNCOMMITTED_MAX_BYTES_CONFIG, heap().uncommitted());
        // The order between topics is free, so none waits for another.
        config.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        config.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksDbConfig.class);
        config.put(RocksDbConfig.MEMORY, storeMemory);
        // Local state older than the changelog's tombstones could miss deletions; see FlushTimestamp.
        config.put(StreamsConfig.STATE_CLEANUP_DELAY_MS_CONFIG, 7 * 86_400_000L);
        // Bytes always deserialize. What comes here is a record among the API keys with a negative timestamp, which
        // must not keep every instance from starting.
        config.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, LogAndContinueExceptionHandler.class);
        // What becomes the default in Kafka 5; without it there is a warning.
        config.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
        config.put(StreamsConfig.METRICS_RECORDING_LEVEL_CONFIG, Sensor.RecordingLevel.INFO.toString());

        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 10_000);
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_000);

        // By default 50 MiB, of each broker for each consumer. Of a partition it stays 1 MiB, or one batch.
        config.put(StreamsConfig.consumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), heap().fetch());
        config.put(StreamsConfig.globalConsumerPrefix(ConsumerConfig.FETCH_MAX_BYTES_CONFIG), 1 << 20);

        // Lingering longer would hold outputs back; the default of Kafka Streams is 100.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 5);
        // Fewer requests while a history is caught up with: a tenth more events a second. Live, lingering ends first.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 128 << 10);
        // A transaction that begins while the markers of the one before are still being written has to be retried.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.BUFFER_MEMORY_CONFIG), heap().producer());
        config.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
        config.put(
                StreamsConfig.producerPrefix(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG),
                DeadLetterFailureLogger.class.getName());
        // Shorter, and a pause of the broker would abort what is in flight; the wait for a broker must outlast it.
        // Commits
        // are waited for without end: see TransactionalProducer.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 30_000);
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 75_000);

        config.putAll(client);

        // What the rest of the service relies on is not for --kafka.
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        // The store keeps what is not committed in memory and survives a crash: see ViewStore.
        config.put(StreamsConfig.TRANSACTIONAL_STATE_STORES_CONFIG, true);
        config.put(
                StreamsConfig.DEFAULT_INTERACTIVE_QUERY_ISOLATION_LEVEL_CONFIG,
                IsolationLevel.READ_UNCOMMITTED.toString());
        // At least once was tried: an owner that froze and woke wrote its rows behind the new owner's.
        config.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // The largest there is, a row or a dead letter, before compression: one that cannot be sent would come again.
        config.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_DEAD_LETTER_BYTES);
        config.putIfAbsent(CommonClientConfigs.CLIENT_ID_CONFIG, applicationId);
        return config;
    }
}
