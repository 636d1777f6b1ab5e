package io.periodview.topics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Walks over one event's JSON and says precisely what does not fit: {@code markers[2].timestamp is …}. A value method
 * reads the value of the field or element that the walk stands on.
 */
final class EventReader {

    private static final int MAX_DEPTH = 1_000;
    private static final int MAX_ID_LENGTH = 40;

    private static final JsonFactory JSON = ((JsonFactoryBuilder) JsonFactory.builder())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            // Names come from outside without end; sharing them process-wide would only grow a table.
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // Names that collide slow one event down; they must not stop the partition with an exception.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            // An event is UTF-8; bytes that look like UTF-16 are malformed rather than guessed at.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(EventSize.MAX_BYTES)
                    .maxNumberLength(EventSize.MAX_BYTES)
                    .maxStringLength(EventSize.MAX_BYTES)
                    .build())
            .build();

    private final byte[] value;
    private final JsonParser parser;

    private EventReader(byte[] value, JsonParser parser) {
        this.value = value;
        this.parser = parser;
    }

    /** Reads the members of the event's object. */
    interface Body<E> {
        E read(EventReader in) throws InvalidEvent;
    }

    static <E> ParseResult<E> parse(byte[] value, Body<E> body) {
        try {
            return new ParseResult.Parsed<>(read(value, body));
        } catch (InvalidEvent e) {
            return new ParseResult.Rejected<>(e.rejection());
        }
    }

    private static <E> E read(byte[] value, Body<E> body) throws InvalidEvent {
        if (value.length == 0) {
            throw new InvalidEvent(Rejection.Code.EMPTY_VALUE, "The value is empty; a deletion has a null value");
        }
        if (EventSize.isExceededBy(value)) {
            throw new InvalidEvent(
                    Rejection.Code.TOO_LARGE,
                    "The value has " + value.length + " bytes; an event may have " + EventSize.MAX_BYTES + " (1 MiB)");
        }
        int invalid = Utf8.firstInvalid(value);
        if (invalid >= 0) {
            throw new InvalidEvent(Rejection.Code.MALFORMED_JSON, "The value is not valid UTF-8 after byte " + invalid);
        }
        try (JsonParser parser = JSON.createParser(value)) {
            EventReader in = new EventReader(value, parser);
            in.next();
            in.requireObject();
            E event = body.read(in);
            if (in.next() != null) {
                throw new InvalidEvent(
                        Rejection.Code.MALFORMED_JSON, "Something follows the event's object at byte " + in.start());
            }
            return event;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Steps to the next member of the object that the walk is in; false at its end. */
    boolean nextField() throws InvalidEvent {
        if (next() == JsonToken.END_OBJECT) {
            return false;
        }
        next();
        return true;
    }

    /** The name of the member that the walk stands on. */
    String field() throws InvalidEvent {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Steps to the next element of the array that the walk is in; false at its end. */
    boolean nextElement() throws InvalidEvent {
        return next() != JsonToken.END_ARRAY;
    }

    boolean atNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    boolean atObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    void requireObject() throws InvalidEvent {
        require(JsonToken.START_OBJECT, "an object");
    }

    void requireArray(String expected) throws InvalidEvent {
        require(JsonToken.START_ARRAY, expected);
    }

    String requireString() throws InvalidEvent {
        require(JsonToken.VALUE_STRING, "a string");
        return text();
    }

    /** A string, or null. */
    @Nullable
    String string() throws InvalidEvent {
        return atNull() ? null : requireString();
    }

    /** A string as it stands in the event, or null. */
    @Nullable
    JsonText rawString() throws InvalidEvent {
        return atNull() ? null : requireRawString();
    }

    JsonText requireRawString() throws InvalidEvent {
        require(JsonToken.VALUE_STRING, "a string");
        int start = start();
        return new JsonText(value, start, endOfString(start));
    }

    /**
     * Behind the closing quote. The parser has not read the string yet: it does, and finds what is wrong in it, when the
     * walk goes on, at a fraction of what decoding it costs.
     */
    private int endOfString(int start) throws InvalidEvent {
        for (int i = start + 1; i < value.length; i++) {
            if (value[i] == '"') {
                return i + 1;
            }
            if (value[i] == '\\') {
                i++;
            }
        }
        text();
        throw new IllegalStateException("The parser took a string that does not end");
    }

    /** True or false; null counts as false. */
    boolean bool() throws InvalidEvent {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
            throw wrongType("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** A time in milliseconds since the epoch, or null. */
    @Nullable
    Long time() throws InvalidEvent {
        if (atNull()) {
            return null;
        }
        require(JsonToken.VALUE_STRING, "a time");
        int start = start();
        long plain = IsoTime.parse(value, start + 1, endOfString(start) - 1);
        if (plain != IsoTime.NONE) {
            return plain;
        }
        String text = text(); // it may have escapes
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw new InvalidEvent(
                    Rejection.Code.INVALID_VALUE,
                    where() + " is " + Json.quote(Json.shorten(text)) + ", not " + IsoTime.FORMAT);
        }
        return time.getAsLong();
    }

    /** A time as it is served, as a JSON string, or null. */
    @Nullable
    JsonText servedTime() throws InvalidEvent {
        Long time = time();
        if (time == null) {
            return null;
        }
        int start = start();
        int end = endOfString(start);
        return IsoTime.isServed(value, start + 1, end - 1)
                ? new JsonText(value, start, end)
                : JsonText.of('"' + IsoTime.format(time) + '"');
    }

    /** Checks that the value is the number that the record's key names. */
    void requireId(long id) throws InvalidEvent {
        JsonToken token = parser.currentToken();
        if (token == null || !token.isNumeric()) {
            throw wrongType("the number in the record's key, " + id);
        }
        if (isInteger(id)) {
            return;
        }
        String text = text();
        if (!sameNumber(text, id)) {
            throw new InvalidEvent(
                    Rejection.Code.INVALID_VALUE,
                    where() + " is " + Json.shorten(text) + ", but the record's key says " + id);
        }
    }

    /** Whether the number is written as an integer and is this one. */
    private boolean isInteger(long id) throws InvalidEvent {
        try {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                    && parser.getLongValue() == id;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private static boolean sameNumber(String text, long id) {
        try {
            return text.length() <= MAX_ID_LENGTH && new BigDecimal(text).compareTo(BigDecimal.valueOf(id)) == 0;
        } catch (NumberFormatException e) {
            return false; // an exponent of more than 32 bits
        }
    }

    /** The value's JSON text, as it stands in the event. */
    JsonText raw() throws InvalidEvent {
        int start = start();
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_STRING) {
            return new JsonText(value, start, endOfString(start));
        }
        if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
            return JsonText.of(text());
        }
        skip();
        return new JsonText(value, start, (int) parser.currentLocation().getByteOffset());
    }

    /** Steps over a value that nobody knows. */
    void skip() throws InvalidEvent {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** A value that must have been there, in the object that has just ended. */
    <T> T require(String name, @Nullable T found) throws InvalidEvent {
        if (found == null) {
            String where = where();
            throw new InvalidEvent(
                    Rejection.Code.MISSING_FIELD, (where.isEmpty() ? name : where + "." + name) + " is required");
        }
        return found;
    }

    private @Nullable JsonToken next() throws InvalidEvent {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private String text() throws InvalidEvent {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private int start() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private void require(JsonToken expected, String name) throws InvalidEvent {
        if (parser.currentToken() != expected) {
            throw wrongType(name);
        }
    }

    private InvalidEvent wrongType(String expected) {
        String where = where();
        return new InvalidEvent(
                Rejection.Code.INVALID_VALUE,
                (where.isEmpty() ? "The value" : where) + " is " + found() + ", not " + expected);
    }

    private String found() {
        JsonToken token = parser.currentToken();
        return token == null
                ? "nothing"
                : switch (token) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> "a string";
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
                    case VALUE_TRUE, VALUE_FALSE -> "a boolean";
                    default -> "null";
                };
    }

    /** Where the walk stands, such as {@code markers[2].timestamp}; empty at the event itself. */
    private String where() {
        StringBuilder path = new StringBuilder();
        JsonStreamContext context = parser.getParsingContext();
        if (atObject() || parser.currentToken() == JsonToken.START_ARRAY) {
            context = context.getParent(); // the parser is inside already
        }
        for (; context != null && !context.inRoot(); context = context.getParent()) {
            if (context.inArray()) {
                path.insert(0, "[" + context.getCurrentIndex() + "]");
            } else {
                path.insert(0, Json.shorten(context.getCurrentName())).insert(0, '.');
            }
        }
        return path.isEmpty() ? "" : path.substring(1);
    }

    private static InvalidEvent malformed(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return new InvalidEvent(
                    Rejection.Code.MALFORMED_JSON, "The value nests more than " + MAX_DEPTH + " levels deep");
        }
        if (!(e instanceof StreamReadException broken)) {
            throw new UncheckedIOException("Reading from memory failed", e);
        }
        String message = broken.getOriginalMessage();
        Rejection.Code code =
                message.startsWith("Duplicate ") ? Rejection.Code.INVALID_VALUE : Rejection.Code.MALFORMED_JSON;
        long at = broken.getLocation() == null ? -1 : broken.getLocation().getByteOffset();
        return new InvalidEvent(
                code, "The value is not valid JSON" + (at < 0 ? "" : " at byte " + at) + ": " + message);
    }
}
