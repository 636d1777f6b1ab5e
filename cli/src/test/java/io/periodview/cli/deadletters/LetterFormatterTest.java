package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.Rejection;
import io.periodview.topics.TopicNames;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LetterFormatterTest {

    private static final long TIME = 1_795_311_021_467L;
    private static final TextLetterFormatter SHORT = new TextLetterFormatter(false);
    private static final JsonLetterFormatter JSON = new JsonLetterFormatter();

    @Test
    void showsOriginAndReason() {
        DeadLetterRecord letter = letter(
                rejected("p-actions", new RecordHeaders()), bytes("1/9004"), bytes("{\"createdTime\":\"yesterday\"}"));

        assertThat(SHORT.format(letter))
                .isEqualTo("""
                dead-letters-2@17  rejected 2026-11-22T02:10:21.467Z  invalid-value
                    createdTime is "yesterday"
                    from     actions-3@340  1970-01-01T00:00:05.000Z
                    key      1/9004
                    value    {"createdTime":"yesterday"}
                """.replace("2026-11-22T02:10:21.467Z", TextLetterFormatter.time(TIME)));
        assertThat(JSON.format(letter))
                .isEqualTo("{\"place\":\"dead-letters-2@17\",\"rejectedAt\":\"" + TextLetterFormatter.time(TIME)
                        + "\",\"byService\":true,\"code\":\"invalid-value\",\"message\":\"createdTime is \\\"yesterday\\\"\","
                        + "\"topic\":\"actions\",\"partition\":3,\"offset\":340,\"timestamp\":5000,\"key\":\"1/9004\","
                        + "\"value\":\"{\\\"createdTime\\\":\\\"yesterday\\\"}\",\"headers\":[]}");
    }

    @Test
    void namesATopicOfAnotherServiceInFull() {
        DeadLetterRecord letter = letter(rejected("actions", new RecordHeaders()), bytes("1/1"), null);

        assertThat(SHORT.format(letter))
                .contains("from     actions-3@340 (no topic of this service)", "(none: a deletion)");
        assertThat(letter.topic()).isNull();
    }

    @Test
    void marksWhatTheServiceDidNotWrite() {
        DeadLetterRecord letter = letter(
                new RecordHeaders().add("x\u001b", new byte[] {(byte) 0xff}).add("y", null), null, new byte[0]);

        assertThat(SHORT.format(letter)).isEqualTo("""
                dead-letters-2@17  written %s  not by the service
                    key      (none)
                    value    (empty)
                    headers  x\\x1b=\\xff, y=(none)
                """.formatted(TextLetterFormatter.time(TIME)));
        assertThat(JSON.format(letter))
                .isEqualTo("{\"place\":\"dead-letters-2@17\",\"rejectedAt\":\"" + TextLetterFormatter.time(TIME)
                        + "\",\"byService\":false,\"key\":null,\"value\":\"\",\"headers\":["
                        + "{\"name\":\"x\\u001B\",\"valueBase64\":\"/w==\"},{\"name\":\"y\",\"value\":null}]}");
    }

    @Test
    void escapesEverythingThatComesFromAnEvent() {
        String evil = "\u001b]0;owned\u0007\u009b2J\u202e\u007f";
        Headers headers = new RecordOrigin(evil, 3, 340, Long.MAX_VALUE)
                .rejected(new RecordHeaders().add(evil, bytes(evil)), new Rejection(Rejection.Code.INVALID_KEY, "m"));
        DeadLetterRecord letter = letter(headers, bytes(evil), bytes(evil));

        for (LetterFormatter formatter : new LetterFormatter[] {SHORT, new TextLetterFormatter(true), JSON}) {
            assertThat(formatter.format(letter).replace("\n", ""))
                    .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\u007f")
                    .contains("9223372036854775807");
        }
    }

    @Test
    void showsLongValuesInFullOnRequestOnly() {
        String value = "x".repeat(100_000);
        DeadLetterRecord letter = letter(rejected("p-periods", new RecordHeaders()), bytes("1/1"), bytes(value));

        assertThat(SHORT.format(letter)).contains("x… (100,000 bytes)").hasSizeLessThan(700);
        assertThat(new TextLetterFormatter(true).format(letter)).contains(value);
        assertThat(JSON.format(letter)).contains(value);
    }

    @Test
    void showsWhatIsLeftOutAsSuch() {
        OmittedValue part = new OmittedValue(12_582_912, "ab".repeat(32));
        Rejection rejection = new Rejection(Rejection.Code.TOO_LARGE, "m");
        DeadLetterRecord value = letter(
                new RecordOrigin("p-actions", 3, 340, 5)
                        .rejected(new RecordHeaders(), rejection, new Omissions(null, part, null)),
                bytes("1/1"),
                null);
        DeadLetterRecord all = letter(
                new RecordOrigin("p-actions", 3, 340, 5)
                        .rejected(new RecordHeaders(), rejection, new Omissions(part, part, 9_000_000L)),
                null,
                null);
        DeadLetterRecord skipped = letter(
                new RecordOrigin("p-actions", 3, 340, RecordOrigin.UNKNOWN_TIME)
                        .rejected(new RecordHeaders(), new Rejection(Rejection.Code.SKIPPED, "a bad disk")),
                null,
                null);

        String leftOut = "(left out: 12,582,912 bytes, SHA-256 " + "ab".repeat(32) + ")\n";
        assertThat(SHORT.format(value)).contains("key      1/1\n    value    " + leftOut);
        assertThat(JSON.format(value))
                .endsWith("\"key\":\"1/1\",\"valueSize\":12582912,\"valueSha256\":\"" + "ab".repeat(32)
                        + "\",\"headers\":[]}");
        assertThat(SHORT.format(all))
                .contains("key      " + leftOut + "    value    " + leftOut
                        + "    headers  (left out: 9,000,000 bytes)\n");
        assertThat(JSON.format(all))
                .contains(
                        "\"keySize\":12582912,\"keySha256\":\"ab", "\"valueSize\":12582912", "\"headersSize\":9000000}")
                .doesNotContain("\"key\"", "\"value\"", "\"headers\"");
        assertThat(SHORT.format(skipped))
                .contains("  skipped\n", "    a bad disk\n", "actions-3@340  (time unknown)\n")
                .contains("key      (none, or unknown)\n", "value    (unknown: it was skipped)\n");
        assertThat(JSON.format(skipped)).contains("\"timestamp\":-1,\"key\":null,\"headers\":[]}");
    }

    @Test
    void summaryGroupsMessagesThatDifferOnlyInDetails() {
        Summary summary = new Summary();
        for (int i = 1; i <= 3; i++) {
            String message = "createdTime is \"day " + i
                    + "\", not an ISO 8601 time (2024-07-18T18:30:00.000Z); line 1, column " + i;
            summary.add(letter(
                    new RecordOrigin("p-actions", 3, i, 5)
                            .rejected(new RecordHeaders(), new Rejection(Rejection.Code.INVALID_VALUE, message)),
                    bytes((i % 2 + 1) + "/1"),
                    null));
        }
        summary.add(letter(new RecordHeaders(), null, null));
        StringWriter out = new StringWriter();
        summary.print(new PrintWriter(out));

        assertThat(out.toString().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly(
                        "COUNT|TOPIC|CODE|TEAMS|LATEST|WHERE|MESSAGE",
                        "3|actions|invalid-value|2|" + TextLetterFormatter.time(TIME)
                                + "|dead-letters-2@17|createdTime is …, not an ISO 8601 time (2024-07-18T18:30:00.000Z); line …, column …",
                        "1|?|?|0|" + TextLetterFormatter.time(TIME)
                                + "|dead-letters-2@17|(not written by the service)");
    }

    private static Headers rejected(String topic, Headers own) {
        return new RecordOrigin(topic, 3, 340, 5000)
                .rejected(own, new Rejection(Rejection.Code.INVALID_VALUE, "createdTime is \"yesterday\""));
    }

    private static DeadLetterRecord letter(Headers headers, byte @Nullable [] key, byte @Nullable [] value) {
        return DeadLetterRecord.of(
                new ConsumerRecord<>(
                        "p-dead-letters",
                        2,
                        17,
                        TIME,
                        TimestampType.CREATE_TIME,
                        0,
                        0,
                        key,
                        value,
                        headers,
                        Optional.empty()),
                new TopicNames("p-"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
