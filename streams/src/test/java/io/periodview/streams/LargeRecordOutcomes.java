package io.periodview.streams;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.topics.EventKey;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** What must become of records of any size, and what has become of them. Not thread-safe. */
final class LargeRecordOutcomes {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);
    private static final int MIB = 1 << 20;

    private final Map<String, Object> client;
    private final String topic;
    private final long seed;
    private final Map<String, ProducerRecord<byte[], byte[]>> letters = new LinkedHashMap<>();
    private final List<EventKey> actions = new ArrayList<>();
    private final List<EventKey> periods = new ArrayList<>();

    /** A record, and where it is. */
    record Sent(ProducerRecord<byte[], byte[]> record, RecordMetadata at) {}

    LargeRecordOutcomes(Map<String, Object> client, String deadLetters, long seed) {
        this.client = client;
        this.topic = deadLetters;
        this.seed = seed;
    }

    void expectAction(Sent sent) {
        ProducerRecord<byte[], byte[]> record = sent.record;
        byte[] value = record.value();
        EventKey key = EventKey.parse(record.key());
        boolean isEvent = key != null
                && (value == null
                        || (value.length <= MIB && new String(value, ISO_8859_1).startsWith("{\"createdTime\"")))
                && record.key().length + size(headers(record)) <= MIB
                && headers(record).length <= 1_000;
        if (!isEvent) {
            letters.put(sent.at.topic() + "-" + sent.at.partition() + "@" + sent.at.offset(), record);
        } else if (value != null) {
            actions.add(key);
        }
    }

    /** It is good. */
    void expectPeriod(Sent sent) {
        periods.add(EventKey.parse(sent.record.key()));
    }

    static long team(byte[] key) {
        EventKey parsed = EventKey.parse(key);
        return parsed == null ? 1 : parsed.teamId();
    }

    static long size(Header[] headers) {
        return Arrays.stream(headers)
                .mapToLong(header -> header.key().getBytes(UTF_8).length + length(header.value()))
                .sum();
    }

    /** Waits until all is where it must be. */
    void compare(LongFunction<JsonNode> actionsOf, LongFunction<JsonNode> periodsOf) {
        await().atMost(TIMEOUT).untilAsserted(() -> {
            assertShown(actionsOf, "actions", "actionId", actions);
            assertShown(periodsOf, "periods", "id", periods);
        });
        compareLetters();
    }

    private void assertShown(LongFunction<JsonNode> shown, String list, String id, List<EventKey> expected) {
        Map<Long, List<Long>> byTeam = new HashMap<>();
        expected.forEach(key ->
                byTeam.computeIfAbsent(key.teamId(), team -> new ArrayList<>()).add(key.id()));
        byTeam.forEach((team, ids) -> {
            List<Long> there = new ArrayList<>();
            shown.apply(team).get(list).forEach(each -> there.add(each.get(id).asLong()));
            assertThat(there).as("%s of team %d, seed %d", list, team, seed).containsAll(ids);
        });
    }

    private void compareLetters() {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            await().atMost(TIMEOUT).pollDelay(Duration.ZERO).until(() -> {
                for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(Duration.ofMillis(100))) {
                    ProducerRecord<byte[], byte[]> sent = letters.remove(origin(letter));
                    if (sent != null) {
                        assertLetter(letter, sent);
                    }
                }
                return letters.isEmpty();
            });
        }
    }

    private void assertLetter(ConsumerRecord<byte[], byte[]> letter, ProducerRecord<byte[], byte[]> sent) {
        byte[] value = sent.value();
        Header[] own = headers(sent);
        long beside = sent.key().length + size(own);
        boolean isTooMany = own.length > 10_000;
        boolean isTooLarge = isTooMany || beside + length(value) > 8 * MIB;
        Map<String, String> left = new LinkedHashMap<>();
        if (isTooMany || own.length > 0 && beside > 8 * MIB) {
            left.put("period-view.headers-size", "" + size(own));
            own = new Header[0];
        }
        if (sent.key().length > 8 * MIB) {
            left.put("period-view.key-size", "" + sent.key().length);
            left.put("period-view.key-sha256", sha256(sent.key()));
        }
        if (isTooLarge && value != null) {
            left.put("period-view.value-size", "" + value.length);
            left.put("period-view.value-sha256", sha256(value));
        }
        String at = origin(letter) + ", seed " + seed;
        byte[] key = left.containsKey("period-view.key-size") ? null : sent.key();
        assertThat(Arrays.equals(letter.key(), key)).as("key of %s", at).isTrue();
        byte[] kept = isTooLarge ? null : value;
        assertThat(Arrays.equals(letter.value(), kept)).as("value of %s", at).isTrue();
        Header[] all = headers(letter);
        assertThat(all).as(at).hasSize(own.length + 6 + left.size());
        assertThat(Arrays.equals(Arrays.copyOf(all, own.length), own))
                .as("own headers of %s", at)
                .isTrue();
        Map<String, String> added = new LinkedHashMap<>();
        Arrays.stream(all, own.length + 6, all.length)
                .forEach(header -> added.put(header.key(), new String(header.value(), UTF_8)));
        assertThat(added).as(at).containsExactlyEntriesOf(left);
        if (isTooLarge || (length(value) > MIB && EventKey.parse(sent.key()) != null)) {
            assertThat(text(letter, "exception")).as(at).isEqualTo("too-large");
        }
    }

    private static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return text(letter, "topic") + "-" + text(letter, "partition") + "@" + text(letter, "offset");
    }

    private static String text(ConsumerRecord<byte[], byte[]> letter, String what) {
        return new String(
                letter.headers().lastHeader("__streams.errors." + what).value(), UTF_8);
    }

    private static Header[] headers(ProducerRecord<byte[], byte[]> record) {
        return record.headers().toArray();
    }

    private static Header[] headers(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().toArray();
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }
}
