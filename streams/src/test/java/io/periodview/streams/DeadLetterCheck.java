package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Compares dead letters with the bad events that they must be, byte for byte. Not thread-safe. */
final class DeadLetterCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final Map<String, Garbage.Bad> expected = new HashMap<>();
    private final long notBefore = System.currentTimeMillis();

    /** @param at where the broker has put the event */
    void expect(Garbage.Bad bad, RecordMetadata at) {
        expected.put(at.topic() + "-" + at.partition() + "@" + at.offset(), bad);
    }

    /**
     * Waits for the dead letters of all bad events, and finds each once.
     *
     * @return how many others there are
     */
    int compare(Map<String, Object> client, String topic) {
        Set<String> missing = new HashSet<>(expected.keySet());
        int[] others = {0};
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(client, topic)) {
            await().atMost(TIMEOUT).pollDelay(Duration.ZERO).until(() -> {
                others[0] += take(consumer, missing);
                return missing.isEmpty();
            });
            Map<TopicPartition, Long> end = consumer.endOffsets(consumer.assignment());
            while (end.entrySet().stream().anyMatch(each -> consumer.position(each.getKey()) < each.getValue())) {
                others[0] += take(consumer, missing);
            }
        }
        return others[0];
    }

    private int take(KafkaConsumer<byte[], byte[]> consumer, Set<String> missing) {
        int others = 0;
        for (ConsumerRecord<byte[], byte[]> letter : consumer.poll(Duration.ofMillis(100))) {
            String at = from(letter);
            if (expected.containsKey(at)) {
                assertThat(missing.remove(at)).as("%s came once", at).isTrue();
                assertLetter(letter, Objects.requireNonNull(expected.get(at)), at);
            } else {
                others++;
            }
        }
        return others;
    }

    private void assertLetter(ConsumerRecord<byte[], byte[]> letter, Garbage.Bad bad, String at) {
        assertThat(letter.key()).as(at).isEqualTo(bad.record().key());
        assertThat(letter.value()).as(at).isEqualTo(bad.record().value());
        assertThat(letter.timestamp()).as(at).isBetween(notBefore, System.currentTimeMillis());
        Header[] own = bad.record().headers().toArray();
        Header[] all = letter.headers().toArray();
        assertThat(all).as(at).startsWith(own);
        Map<String, String> added = new LinkedHashMap<>();
        for (int i = own.length; i < all.length; i++) {
            added.put(all[i].key(), new String(all[i].value(), UTF_8));
        }
        assertThat(added).as(at).hasSize(all.length - own.length);
        assertThat(added.remove("__streams.errors.message")).as(at).isNotBlank().doesNotContain("\n");
        int dash = at.lastIndexOf('-');
        assertThat(added)
                .as(at)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "__streams.errors.exception", bad.code(),
                        "__streams.errors.topic", at.substring(0, dash),
                        "__streams.errors.partition", at.substring(dash + 1, at.indexOf('@', dash)),
                        "__streams.errors.offset", at.substring(at.indexOf('@', dash) + 1),
                        "period-view.timestamp", "" + bad.record().timestamp()));
    }

    private static String from(ConsumerRecord<byte[], byte[]> letter) {
        return text(letter, "topic") + "-" + text(letter, "partition") + "@" + text(letter, "offset");
    }

    private static @Nullable String text(ConsumerRecord<byte[], byte[]> letter, String what) {
        Header header = letter.headers().lastHeader("__streams.errors." + what);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> client, String topic) {
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
