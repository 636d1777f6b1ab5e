package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.periodview.cli.produce.EventLine.Empty;
import io.periodview.cli.produce.EventLine.Event;
import io.periodview.cli.produce.EventLine.Malformed;
import io.periodview.topics.ByteOrderMark;
import io.periodview.topics.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads one line {@code {"topic":"actions","key":"7/91011","timestamp":1722601385471,"value":{…}}}. The line must be
 * valid; the value may be any JSON, since judging events is the service's business. It is never parsed and serialized
 * again: its bytes are cut out of the line.
 */
final class EventLineParser {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            // Otherwise a line could be taken for UTF-16, and locations would not be bytes.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .build())
            .build();

    private final byte[] buffer;
    private final int from;

    private @Nullable String topic;
    private byte @Nullable [] key;
    private @Nullable Long timestamp;
    private byte @Nullable [] value;
    private boolean hasTimestamp;
    private boolean hasValue;

    private EventLineParser(byte[] buffer, int from) {
        this.buffer = buffer;
        this.from = from;
    }

    static EventLine parse(LineReader.Line line) {
        if (ByteOrderMark.isAtStart(line.buffer(), line.from(), line.to())) {
            return new Malformed("It begins with " + ByteOrderMark.NAME + "; save the file without one.");
        }
        EventLineParser parsed = new EventLineParser(line.buffer(), line.from());
        try (JsonParser parser = JSON.createParser(line.buffer(), line.from(), line.to() - line.from())) {
            return parsed.read(parser);
        } catch (JsonProcessingException e) {
            return new Malformed("Invalid JSON at column " + e.getLocation().getColumnNr() + ": "
                    + Json.shorten(e.getOriginalMessage()) + ".");
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory cannot fail to be read", e);
        }
    }

    private EventLine read(JsonParser parser) throws IOException {
        JsonToken start = parser.nextToken();
        if (start == null) {
            return new Empty();
        }
        if (start != JsonToken.START_OBJECT) {
            return new Malformed("It is not a JSON object.");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            String problem = switch (name) {
                case "topic" -> readTopic(parser, token);
                case "key" -> readKey(parser, token);
                case "timestamp" -> readTimestamp(parser, token);
                case "value" -> readValue(parser, token);
                default ->
                    "Unknown member " + Json.quote(Json.shorten(name))
                            + "; a line has \"topic\", \"key\", \"value\" and perhaps \"timestamp\".";
            };
            if (problem != null) {
                return new Malformed(problem);
            }
        }
        if (parser.nextToken() != null) {
            return new Malformed("Something follows the JSON object; a line is one event.");
        }
        if (topic == null || key == null || !hasValue) {
            return new Malformed("\"" + (topic == null ? "topic" : key == null ? "key" : "value") + "\" is missing.");
        }
        return new Event(topic, key, timestamp, value);
    }

    private @Nullable String readTopic(JsonParser parser, JsonToken token) throws IOException {
        if (topic != null) {
            return twice("topic");
        }
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        topic = text.equals("periods") || text.equals("actions") ? text : null;
        return topic != null ? null : "\"topic\" is neither \"periods\" nor \"actions\".";
    }

    private @Nullable String readKey(JsonParser parser, JsonToken token) throws IOException {
        if (key != null) {
            return twice("key");
        }
        if (token != JsonToken.VALUE_STRING) {
            return "\"key\" is not a string.";
        }
        String text = parser.getText();
        key = text.getBytes(UTF_8);
        // What JSON can say and bytes cannot would be sent as a question mark.
        return text.equals(new String(key, UTF_8)) ? null : "\"key\" has half of a surrogate pair.";
    }

    private @Nullable String readTimestamp(JsonParser parser, JsonToken token) throws IOException {
        if (hasTimestamp) {
            return twice("timestamp");
        }
        hasTimestamp = true;
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                || parser.getLongValue() < 0) {
            return "\"timestamp\" is not a number of milliseconds since 1970.";
        }
        timestamp = parser.getLongValue();
        return null;
    }

    private @Nullable String readValue(JsonParser parser, JsonToken token) throws IOException {
        if (hasValue) {
            return twice("value");
        }
        hasValue = true;
        long start = parser.currentTokenLocation().getByteOffset();
        parser.skipChildren();
        parser.finishToken(); // a string is read to its end on demand only
        long end = parser.currentLocation().getByteOffset();
        value = token == JsonToken.VALUE_NULL
                ? null
                : Arrays.copyOfRange(buffer, from + Math.toIntExact(start), from + Math.toIntExact(end));
        return null;
    }

    private static String twice(String name) {
        return "\"" + name + "\" appears twice.";
    }
}
