package io.periodview.cli.kafka;

import io.periodview.cli.terminal.EnvironmentDefaults;
import io.periodview.topics.TopicNames;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;

/** Which Kafka, how to talk to it, and which topics there: a mixin of every command that needs one. */
public final class KafkaOptions {

    private static final int PROMPT_MILLIS = 15_000;

    @Option(
            names = "--bootstrap-servers",
            paramLabel = "HOST:PORT[,...]",
            defaultValue = "127.0.0.1:9092",
            description = "The Kafka brokers to connect to first. Default: ${DEFAULT-VALUE}")
    private String bootstrapServers = "";

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            split = EnvironmentDefaults.SEPARATOR,
            splitSynopsisLabel = " ",
            showDefaultValue = Visibility.NEVER, // may be a password from the environment
            description =
                    "Any setting of Kafka's clients, such as security.protocol=SASL_SSL. Can be repeated; in the environment, one per line.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--topic-prefix",
            paramLabel = "PREFIX",
            defaultValue = "",
            description = "Prefix of all topic names. Default: none")
    private String topicPrefix = "";

    public String bootstrapServers() {
        return settings.getOrDefault(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    }

    /** The settings given by {@code --kafka}; may hold passwords. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    public TopicNames topics() {
        return new TopicNames(topicPrefix);
    }

    /** Shared by the instances of one service: as given, or the topic prefix and the service's name. */
    public String applicationId(@Nullable String given) {
        return given == null ? topicPrefix + "period-view" : given;
    }

    /** For an admin client, and the basis of every other client: where the cluster is, and the settings passed through. */
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.putAll(settings);
        return properties;
    }

    /** For a producer of bytes: nothing is lost, duplicated or reordered, unless the settings passed through say so. */
    public Map<String, Object> producerProperties() {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.putAll(clientProperties());
        properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return properties;
    }

    /** As {@link #producerProperties}, for a record that somebody waits for: it fails in seconds, not in two minutes. */
    public Map<String, Object> promptProducerProperties() {
        Map<String, Object> properties = producerProperties();
        properties.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PROMPT_MILLIS);
        properties.putIfAbsent(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PROMPT_MILLIS - 1_000);
        properties.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, PROMPT_MILLIS);
        return properties;
    }

    /** For a consumer of bytes without a group, which creates no topics and reads committed records only. */
    public Map<String, Object> consumerProperties() {
        Map<String, Object> properties = clientProperties();
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return properties;
    }
}
