package io.periodview.cli.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.kafka.TopicReader;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import io.periodview.topics.EventKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The topic {@code api-keys}, read and changed by operators. One thread at a time. */
final class ApiKeyTopic {

    /**
     * A header, since a record that revokes a key has no value, and older versions and other programs know the values as they
     * are.
     */
    static final String BY = "period-view.by";

    private final KafkaOptions options;
    private final KafkaCluster cluster;
    private final String topic;

    ApiKeyTopic(KafkaOptions options, KafkaCluster cluster) {
        this.options = options;
        this.cluster = cluster;
        this.topic = options.topics().apiKeys();
    }

    /** The current content: one entry per record key that is not revoked, in order of creation. */
    List<Entry> read() throws InterruptedException {
        Map<String, Entry> entries = new LinkedHashMap<>();
        try (TopicReader reader = new TopicReader(options, cluster.partitions(topic))) {
            reader.read(reader.ends(), record -> apply(record, entries));
        }
        return new ArrayList<>(entries.values());
    }

    /** @param by who makes the key */
    void put(ApiKeyHash hash, ApiKey key, String by) throws InterruptedException {
        send(hash.toBytes(), key.toJson(), by);
    }

    /** @param by who revokes it; kept for as long as the topic keeps the tombstone */
    void remove(Entry entry, String by) throws InterruptedException {
        send(entry.recordKey().getBytes(UTF_8), null, by);
    }

    private static void apply(ConsumerRecord<byte[], byte[]> record, Map<String, Entry> entries) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (key == null) {
            return; // a compacted topic does not accept it, and nothing could revoke it
        }
        String recordKey = new String(key, UTF_8);
        if (value == null) {
            entries.remove(recordKey);
        } else if (ApiKeyHash.parse(key) == null) {
            entries.put(
                    recordKey,
                    new Entry(recordKey, new ApiKey.Reading.Invalid("Its key is not a SHA-256 in hex."), by(record)));
        } else {
            entries.put(recordKey, new Entry(recordKey, ApiKey.read(value), by(record)));
        }
    }

    private static @Nullable String by(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(BY);
        return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
    }

    private void send(byte[] key, byte @Nullable [] value, String by) throws InterruptedException {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(options.promptProducerProperties())) {
            ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, key, value);
            record.headers().add(BY, by.getBytes(UTF_8));
            producer.send(record).get();
        } catch (ExecutionException e) {
            throw new CommandFailedException(
                    "The change was not stored in topic " + topic + ": " + KafkaErrors.reason(e), e);
        }
    }

    /**
     * A record of the topic. Its key is the hash of an API key, unless another program wrote something else.
     *
     * @param by who made it, as they said; null if they did not
     */
    record Entry(
            String recordKey,
            ApiKey.Reading reading,
            @Nullable String by) {

        private static final int MIN_HASH_DIGITS = 8;
        private static final int ABBREVIATED_DIGITS = 12;

        String abbreviated() {
            return ApiKeyHash.parse(recordKey.getBytes(UTF_8)) == null
                    ? EventKey.describe(recordKey.getBytes(UTF_8))
                    : recordKey.substring(0, ABBREVIATED_DIGITS);
        }

        boolean matches(String nameOrHash) {
            boolean byName = reading instanceof ApiKey.Reading.Valid valid
                    && valid.key().name().equals(nameOrHash);
            boolean byHash = nameOrHash.length() >= MIN_HASH_DIGITS && recordKey.startsWith(nameOrHash);
            return byName || byHash || recordKey.equals(nameOrHash);
        }

        String describe() {
            return reading instanceof ApiKey.Reading.Valid valid
                    ? abbreviated() + " (team " + valid.key().teamId() + ", "
                            + TerminalEscaper.all(valid.key().name()) + ")"
                    : abbreviated() + " (no valid key)";
        }
    }
}
