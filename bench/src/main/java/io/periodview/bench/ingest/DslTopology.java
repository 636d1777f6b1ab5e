package io.periodview.bench.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What tutorials of Kafka Streams' DSL lead to: the periods of a team as one JSON list; each action joined with them and
 * assigned by looking through the list; and for each period the list of its actions as one JSON value, in which an event
 * replaces one. It knows neither deletions nor actions that move or periods that change: with those it would be slower.
 */
final class DslTopology {

    private static final String BY_PERIOD = "by-period";
    private static final ObjectMapper JSON = new ObjectMapper();

    private DslTopology() {}

    /** Read by the last step: an event that is through it is in its period's list. */
    static String lastTopic(String application) {
        return application + "-" + BY_PERIOD + "-repartition";
    }

    /** Arguments: bootstrap servers, prefix of the topics, partitions, application, state directory. */
    public static void main(String[] args) throws Exception {
        Properties config = new Properties();
        config.putAll(Pipe.settings(args[0], args[3], Path.of(args[4])).toConfig());
        config.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 10L << 20); // the default, which tutorials leave
        KafkaStreams streams =
                new KafkaStreams(topology(new TopicNames(args[1])).build(), config);
        System.out.println("starting");
        streams.start();
        StandardInput.awaitEnd();
        streams.close(Duration.ofSeconds(20));
    }

    private static StreamsBuilder topology(TopicNames names) {
        StreamsBuilder builder = new StreamsBuilder();
        Consumed<String, String> strings = Consumed.with(Serdes.String(), Serdes.String());
        KTable<String, String> periods = builder.stream(names.periods(), strings)
                .filter((key, value) -> value != null)
                .map((key, value) -> KeyValue.pair(team(key), withId(key, value)))
                .groupByKey(Grouped.<String, String>as("periods-of-team")
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.String()))
                .aggregate(() -> "[]", (team, period, list) -> replaced(list, period), stored("periods-of-team"));
        builder.stream(names.actions(), strings)
                .filter((key, value) -> value != null)
                .map((key, value) -> KeyValue.pair(team(key), withId(key, value)))
                .join(
                        periods,
                        DslTopology::assigned,
                        Joined.with(Serdes.String(), Serdes.String(), Serdes.String(), "actions-of-team"))
                .flatMap((team, each) -> each)
                .groupByKey(Grouped.<String, String>as(BY_PERIOD)
                        .withKeySerde(Serdes.String())
                        .withValueSerde(Serdes.String()))
                .aggregate(() -> "[]", (period, action, list) -> replaced(list, action), stored("actions-of-period"));
        return builder;
    }

    private static Materialized<String, String, KeyValueStore<Bytes, byte[]>> stored(String name) {
        return Materialized.<String, String, KeyValueStore<Bytes, byte[]>>as(name)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.String())
                .withLoggingEnabled(java.util.Map.of("max.message.bytes", "" + (64 << 20)));
    }

    private static String team(String key) {
        return key.substring(0, key.indexOf('/'));
    }

    private static String withId(String key, String value) {
        ObjectNode json = (ObjectNode) read(value);
        json.put("id", Long.parseLong(key.substring(key.indexOf('/') + 1)));
        return json.toString();
    }

    private static List<KeyValue<String, String>> assigned(String team, String action, String periods) {
        long created = millis(read(action).get("createdTime"));
        List<KeyValue<String, String>> found = new ArrayList<>();
        for (JsonNode period : read(periods)) {
            JsonNode end = period.get("end_date");
            boolean isOpen = end == null || end.isNull();
            if (millis(period.get("start_date")) <= created && (isOpen || created < millis(end))) {
                found.add(KeyValue.pair(team + "/" + period.get("id").asLong(), action));
            }
        }
        return found;
    }

    private static long millis(JsonNode time) {
        return OffsetDateTime.parse(time.asText()).toInstant().toEpochMilli();
    }

    private static String replaced(String list, String element) {
        ArrayNode all = (ArrayNode) read(list);
        JsonNode now = read(element);
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).get("id").equals(now.get("id"))) {
                all.set(i, now);
                return all.toString();
            }
        }
        return all.add(now).toString();
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + json, e);
        }
    }
}
