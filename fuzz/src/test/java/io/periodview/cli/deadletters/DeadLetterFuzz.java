package io.periodview.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.fuzz.Inputs;
import io.periodview.fuzz.Property;
import io.periodview.fuzz.Served;
import io.periodview.fuzz.StrictJson;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.Rejection;
import io.periodview.topics.TopicNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** What {@code dead-letters} shows of anybody's bytes: a line with the key, one with the value, then a header a line. */
public final class DeadLetterFuzz {

    private static final TextLetterFormatter SHORT = new TextLetterFormatter(false);
    private static final TextLetterFormatter WHOLE = new TextLetterFormatter(true);
    private static final JsonLetterFormatter JSON = new JsonLetterFormatter();

    private DeadLetterFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<byte[]> lines = Inputs.lines(input);
        byte[] key = lines.get(0);
        byte[] value = lines.size() < 2 ? null : lines.get(1);
        Headers own = Inputs.headers(lines.subList(Math.min(2, lines.size()), lines.size()));
        Headers rejected = new RecordOrigin("periods", 1, 2, input.length)
                .rejected(own, new Rejection(Rejection.Code.INVALID_KEY, new String(key, UTF_8)));
        for (Headers headers : List.of(own, rejected)) {
            DeadLetterRecord letter = letter(key, value, headers);
            isSafe(SHORT.format(letter));
            isSafe(WHOLE.format(letter));
            String json = JSON.format(letter);
            Property.holds(json.chars().allMatch(c -> c >= ' ' && c < 127), "Not ASCII: " + json);
            Map<?, ?> object = Served.object(json.getBytes(UTF_8));
            Property.equal(StrictJson.text(key), object.get("key"), "The key");
            Property.equal(
                    value == null ? StrictJson.Literal.NULL : StrictJson.text(value), object.get("value"), "The value");
        }
        escapes(input);
    }

    private static void escapes(byte[] bytes) {
        String all = TerminalEscaper.all(bytes);
        isSafe(all);
        Property.holds(all.indexOf('\n') < 0, "It is not one line: " + all);
        String text = StrictJson.text(bytes);
        if (text != null && text.chars().allMatch(c -> c >= ' ' && c < 127)) {
            Property.equal(text, all, "Plain text");
        }
        int max = Math.max(4, bytes.length / 2);
        if (bytes.length > max) {
            String start = TerminalEscaper.start(bytes, max);
            boolean isStart = false;
            for (int end = max - 3; end <= max; end++) {
                byte[] part = Arrays.copyOf(bytes, end);
                isStart |= start.startsWith(TerminalEscaper.all(part) + "… (")
                        && (text == null || StrictJson.text(part) != null);
            }
            Property.holds(isStart, "Not the start of it: " + start);
        }
    }

    private static void isSafe(String text) {
        Property.holds(
                text.codePoints()
                        .allMatch(c ->
                                c == '\n' || !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT),
                "A terminal obeys to this: " + text);
    }

    private static DeadLetterRecord letter(byte[] key, byte @Nullable [] value, Headers headers) {
        return DeadLetterRecord.of(
                new ConsumerRecord<>(
                        "dead-letters",
                        2,
                        17,
                        1_795_311_021_467L,
                        TimestampType.CREATE_TIME,
                        key.length,
                        value == null ? -1 : value.length,
                        key,
                        value,
                        headers,
                        Optional.empty()),
                new TopicNames(""));
    }
}
