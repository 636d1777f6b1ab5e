package io.periodview.streams;

import io.periodview.streams.apply.ViewProcessor;
import io.periodview.streams.auth.ApiKeyProcessor;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.RecordTimestamps;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.store.ViewStore;
import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.BytesDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The whole wiring:
 *
 * <pre>
 * periods --+                       +--> dead-letters
 * actions --+--> apply <--> view    |
 *           |      |                |
 *           |      +----------------+
 *           |      |
 *           +-- rerouted (events that arrived in another partition than their team's)
 *
 * api-keys ----> api-keys (a global store)
 * </pre>
 */
public final class PeriodViewTopology {

    /** The view's store. */
    public static final String VIEW = "view";

    /** The API keys' store. */
    public static final String API_KEYS = "api-keys";

    private static final String EVENTS = "events";
    private static final String APPLY = "apply";
    private static final String TO_DEAD_LETTERS = "to-dead-letters";
    private static final String TO_REROUTED = "to-rerouted";
    private static final String API_KEY_RECORDS = "api-key-records";
    private static final String KEEP_API_KEYS = "keep-api-keys";

    /**
     * The changelog is the view's only backup. Its rows are larger than the events they came from (a long period is
     * kept as it is served and as it is applied), and a tombstone must outlast the oldest local state that is restored
     * from where it stopped: see FlushTimestamp.
     */
    private static final Map<String, String> CHANGELOG = Map.of(
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(StreamsSettings.MAX_ROW_BYTES),
            TopicConfig.DELETE_RETENTION_MS_CONFIG, "1209600000", // 14 days
            TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, "3600000"); // an hour

    private PeriodViewTopology() {}

    /** The name of the view's changelog, which Kafka Streams gives it. */
    static String changelog(String applicationId) {
        return applicationId + "-" + VIEW + "-changelog";
    }

    /**
     * @param eventLog gets events that are rejected or rerouted
     * @param partitions is notified of every partition that is hosted here
     * @param metrics count every event
     */
    public static Topology build(
            EventTopics topics, ThrottledEventLog eventLog, LocalPartitions partitions, ServiceMetrics metrics) {
        ViewProcessor.Wiring wiring =
                new ViewProcessor.Wiring(topics, VIEW, TO_DEAD_LETTERS, TO_REROUTED, eventLog, partitions, metrics);
        ByteArrayDeserializer bytes = new ByteArrayDeserializer();
        ByteArraySerializer toBytes = new ByteArraySerializer();
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        EVENTS,
                        new RecordTimestamps(),
                        bytes,
                        bytes,
                        topics.periods(),
                        topics.actions(),
                        topics.rerouted())
                .addProcessor(APPLY, () -> new ViewProcessor(wiring), EVENTS)
                .addStateStore(view(partitions), APPLY)
                .addSink(TO_DEAD_LETTERS, topics.deadLetters(), toBytes, toBytes, APPLY)
                .addSink(TO_REROUTED, topics.rerouted(), toBytes, toBytes, byTeam(), APPLY)
                .addGlobalStore(
                        apiKeys(),
                        API_KEY_RECORDS,
                        new RecordTimestamps(),
                        new BytesDeserializer(),
                        bytes,
                        topics.apiKeys(),
                        KEEP_API_KEYS,
                        () -> new ApiKeyProcessor(API_KEYS));
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> view(LocalPartitions partitions) {
        return Stores.keyValueStoreBuilder(ViewStore.supplier(VIEW, partitions), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled() // readers see a write at once
                .withLoggingEnabled(CHANGELOG);
    }

    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> apiKeys() {
        return Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(API_KEYS), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingDisabled()
                .withLoggingDisabled(); // the topic itself is its log
    }

    /** Only events with a key that names a team are rerouted. */
    private static StreamPartitioner<byte[], byte[]> byTeam() {
        return (topic, key, value, partitions) -> {
            long team = Objects.requireNonNull(EventKey.parse(key)).teamId();
            return Optional.of(Set.of(TeamPartitioner.partitionOf(team, partitions)));
        };
    }
}
