package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Inputs;
import io.periodview.fuzz.Property;
import io.periodview.fuzz.StrictJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@code produce} reads: lines, and the event in each. */
public final class ProduceInputFuzz {

    private static final Set<String> MEMBERS = Set.of("topic", "key", "timestamp", "value");

    private ProduceInputFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        List<byte[]> lines = Inputs.lines(input);
        LineReader reader = new LineReader(inPieces(input));
        int number = 0;
        for (LineReader.Line line = reader.next(); line != null; line = reader.next()) {
            byte[] expected = lines.get(number++);
            Property.equal(number, (int) line.number(), "The line's number");
            Property.equal(expected, Arrays.copyOfRange(line.buffer(), line.from(), line.to()), "The line");
            check(expected, EventLineParser.parse(line));
        }
        Property.equal(lines.size() - (lines.get(lines.size() - 1).length == 0 ? 1 : 0), number, "How many lines");
    }

    private static void check(byte[] line, EventLine parsed) {
        if (parsed instanceof EventLine.Malformed malformed) {
            Property.isOneLine(malformed.reason());
        }
        String text = StrictJson.text(line);
        if (text == null) {
            return; // not judged here: inside of a value it goes as it is
        }
        Object model = StrictJson.parse(line, 1, Integer.MAX_VALUE);
        Property.equal(
                text.chars().allMatch(c -> " \t\r\n".indexOf(c) >= 0),
                parsed instanceof EventLine.Empty,
                "Whether the line is empty");
        if (!isEvent(model)) {
            Property.holds(!(parsed instanceof EventLine.Event), "This is no event, but is sent: " + text);
            return;
        }
        if (!(parsed instanceof EventLine.Event event)) {
            Property.holds(parsed instanceof EventLine.Empty || hasHalfACharacter(model), "Refused: " + parsed);
            return;
        }
        Map<?, ?> members = (Map<?, ?>) Objects.requireNonNull(model);
        Property.equal(members.get("topic"), event.topic(), "The topic");
        Property.equal(members.get("key"), new String(event.key(), UTF_8), "The key");
        Object timestamp = event.timestamp() == null
                ? StrictJson.Literal.NULL
                : new StrictJson.Num(Long.toString(event.timestamp()));
        Object given = members.get("timestamp") == null ? StrictJson.Literal.NULL : members.get("timestamp");
        Property.equal(given.equals(new StrictJson.Num("-0")) ? new StrictJson.Num("0") : given, timestamp, "The time");
        Object value =
                event.value() == null ? StrictJson.Literal.NULL : StrictJson.parse(event.value(), 0, Integer.MAX_VALUE);
        Property.equal(members.get("value"), value, "The value");
        Property.holds(
                event.value() == null || text.contains(new String(event.value(), UTF_8).strip()),
                "The value's bytes are not those of the line");
    }

    private static boolean isEvent(@Nullable Object model) {
        if (!(model instanceof Map<?, ?> line) || !MEMBERS.containsAll(line.keySet())) {
            return false;
        }
        Object timestamp = line.get("timestamp");
        return ("periods".equals(line.get("topic")) || "actions".equals(line.get("topic")))
                && line.get("key") instanceof String
                && line.containsKey("value")
                && (timestamp == null || timestamp == StrictJson.Literal.NULL || isTimestamp(timestamp));
    }

    private static boolean isTimestamp(Object value) {
        if (!(value instanceof StrictJson.Num number) || !number.text().matches("-?[0-9]{1,19}")) {
            return false;
        }
        try {
            return Long.parseLong(number.text()) >= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** A key that cannot be bytes. */
    private static boolean hasHalfACharacter(@Nullable Object model) {
        return model instanceof Map<?, ?> line
                && line.get("key") instanceof String key
                && key.codePoints().anyMatch(c -> c <= 0xFFFF && Character.isSurrogate((char) c));
    }

    /** As a pipe gives it. */
    private static InputStream inPieces(byte[] input) {
        return new ByteArrayInputStream(input) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1 + (input.length % 97)));
            }
        };
    }
}
