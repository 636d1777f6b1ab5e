package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * Events that must be rejected, of every kind there is, for both topics and any partition, with headers of their own.
 * The same seed gives the same ones. Not thread-safe.
 */
final class Garbage {

    /** One, and the code it must be rejected with. */
    record Bad(ProducerRecord<byte[], byte[]> record, String code) {}

    private static final int LARGEST_EVENT = 1 << 20;
    private static final int KINDS = 20;
    private static final long OWN_TIME = 1_700_000_000_123L;
    /** Small ones are sent again and again, so a large one is made once. */
    private static final byte[] TOO_LARGE = new byte[LARGEST_EVENT + 1];

    private static final String ACTION = "{\"createdTime\":\"2024-07-01T00:10:00Z\"";
    private static final String PERIOD = "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:10:00Z\"";

    private final Random random;
    private final String periods;
    private final String actions;
    private final int partitions;
    private final int teams;
    private final int oneTooLargeIn;

    /**
     * @param oneTooLargeIn how many events there are for one that has more than 1 MiB
     * @param teams they pretend to be of these, from 1 on
     */
    Garbage(Random random, String periods, String actions, int partitions, int teams, int oneTooLargeIn) {
        this.random = random;
        this.periods = periods;
        this.actions = actions;
        this.partitions = partitions;
        this.teams = teams;
        this.oneTooLargeIn = oneTooLargeIn;
    }

    Bad next() {
        String team = Integer.toString(1 + random.nextInt(teams));
        int id = 1 + random.nextInt(7);
        byte[] key = bytes(team + "/" + id);
        byte[] noise = new byte[1 + random.nextInt(200)];
        random.nextBytes(noise);
        noise[0] = (byte) 0xff;
        if (random.nextInt(oneTooLargeIn) == 0) {
            return bad("too-large", key, TOO_LARGE);
        }
        return switch (random.nextInt(KINDS)) {
            case 0 -> bad("invalid-key", bytes(team + "/0"), bytes(ACTION + "}"));
            case 1 -> bad("invalid-key", noise, null);
            case 2 -> bad("invalid-key", bytes("0" + team + "/" + id), null);
            case 3 -> bad("invalid-key", bytes(team), bytes(ACTION + "}"));
            case 4 -> bad("invalid-key", bytes("9223372036854775808/" + id), bytes(ACTION + "}"));
            case 5 -> bad("invalid-key", new byte[0], noise);
            case 6 -> bad("empty-value", key, new byte[0]);
            case 7 -> bad("malformed-json", key, noise);
            case 8 -> bad("malformed-json", key, bytes(ACTION));
            case 9 -> bad(actions, "malformed-json", key, bytes(ACTION + "} {}"));
            case 10 -> bad("malformed-json", key, brokenUtf8());
            case 11 -> bad("malformed-json", key, bytes("{\"formFields\":{\"a\":" + "[".repeat(2_000)));
            case 12 -> bad("missing-field", key, bytes("{\"name\":\"only a name\"}"));
            case 13 -> bad("missing-field", key, bytes("{\"unknown\":\"" + "x".repeat(random.nextInt(20_000)) + "\"}"));
            case 14 -> bad("invalid-value", key, bytes("{\"createdTime\":1,\"start_date\":1,\"name\":\"\"}"));
            case 15 -> bad("invalid-value", key, bytes("[" + ACTION + "}]"));
            case 16 -> bad("invalid-value", key, bytes("{\"a\":1,\"a\":2}"));
            case 17 -> bad(actions, "invalid-value", key, bytes(ACTION + ",\"actionId\":" + (id + 1) + "}"));
            case 18 -> bad(periods, "invalid-value", key, bytes(PERIOD + ",\"id\":" + (id + 1) + "}"));
            default -> bad(periods, "invalid-value", key, bytes(PERIOD + ",\"end_date\":\"2024-07-01T00:10:00Z\"}"));
        };
    }

    private static byte[] brokenUtf8() {
        byte[] value = bytes(ACTION + ",\"status\":\"??\"}");
        int at = value.length - 4;
        value[at] = (byte) 0xC3; // the start of two bytes
        return value;
    }

    private Bad bad(String code, byte[] key, byte @Nullable [] value) {
        return bad(random.nextBoolean() ? periods : actions, code, key, value);
    }

    private Bad bad(String topic, String code, byte[] key, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic,
                random.nextInt(partitions),
                OWN_TIME + random.nextInt(1_000),
                key,
                value,
                List.of(
                        new RecordHeader("trace", new byte[] {1, 2, (byte) 0xfe}),
                        new RecordHeader("period-view.topic", bytes("not ours")),
                        new RecordHeader("trace", null)));
        return new Bad(record, code);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
