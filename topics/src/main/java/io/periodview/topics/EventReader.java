package io.periodview.topics;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of one event's JSON and says precisely what does not fit: {@code markers[2].timestamp is …}. A value
 * method reads the value of the field or element that the walk stands on.
 */
final class EventReader {

    private static final int MAX_ID_LENGTH = 40;

    private final byte[] value;
    private final JsonCursor cursor;

    private EventReader(byte[] value, JsonCursor cursor) {
        this.value = value;
        this.cursor = cursor;
    }

    /** Reads the members of the event's object. */
    interface Body<E> {
        E read(EventReader in) throws InvalidEventException;
    }

    static <E> ParseResult<E> parse(byte[] value, Body<E> body) {
        try {
            return new ParseResult.Parsed<>(read(value, body));
        } catch (InvalidEventException e) {
            return new ParseResult.Rejected<>(e.rejection());
        }
    }

    private static <E> E read(byte[] value, Body<E> body) throws InvalidEventException {
        if (value.length == 0) {
            throw new InvalidEventException(
                    Rejection.Code.EMPTY_VALUE, "The value is empty; a deletion has a null value");
        }
        if (EventLimits.isExceededBy(value)) {
            throw new InvalidEventException(
                    Rejection.Code.TOO_LARGE,
                    "The value has " + value.length + " bytes; an event may have " + EventLimits.MAX_BYTES
                            + " (1 MiB)");
        }
        if (ByteOrderMark.isAtStart(value, 0, value.length)) {
            throw new InvalidEventException(
                    Rejection.Code.MALFORMED_JSON,
                    "The value begins with " + ByteOrderMark.NAME + ", which JSON must not have");
        }
        int invalid = Utf8.firstInvalid(value);
        if (invalid >= 0) {
            throw new InvalidEventException(
                    Rejection.Code.MALFORMED_JSON, "The value is not valid UTF-8 after byte " + invalid);
        }
        try (JsonCursor cursor = new JsonCursor(value)) {
            EventReader in = new EventReader(value, cursor);
            cursor.next();
            in.requireObject();
            E event = body.read(in);
            if (cursor.next() != null) {
                throw new InvalidEventException(
                        Rejection.Code.MALFORMED_JSON,
                        "Something follows the event's object at byte " + cursor.start());
            }
            return event;
        } catch (IOException e) {
            throw JsonCursor.malformed(e);
        }
    }

    boolean nextField() throws InvalidEventException {
        return cursor.nextField();
    }

    String field() throws InvalidEventException {
        return cursor.field();
    }

    boolean nextElement() throws InvalidEventException {
        return cursor.nextElement();
    }

    boolean atNull() {
        return cursor.atNull();
    }

    boolean atObject() {
        return cursor.atObject();
    }

    void skip() throws InvalidEventException {
        cursor.skip();
    }

    void requireObject() throws InvalidEventException {
        require(JsonToken.START_OBJECT, "an object");
    }

    void requireArray(String expected) throws InvalidEventException {
        require(JsonToken.START_ARRAY, expected);
    }

    String requireString() throws InvalidEventException {
        require(JsonToken.VALUE_STRING, "a string");
        return cursor.text();
    }

    /** A string, or null. */
    @Nullable
    String string() throws InvalidEventException {
        return atNull() ? null : requireString();
    }

    /** A string as it stands in the event, or null. */
    @Nullable
    RawJson rawString() throws InvalidEventException {
        return atNull() ? null : requireRawString();
    }

    RawJson requireRawString() throws InvalidEventException {
        require(JsonToken.VALUE_STRING, "a string");
        int start = cursor.start();
        return new RawJson(value, start, cursor.endOfString(start));
    }

    /** True or false; null counts as false. */
    boolean bool() throws InvalidEventException {
        JsonToken token = cursor.token();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE && token != JsonToken.VALUE_NULL) {
            throw cursor.wrongType("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** A time in milliseconds since the epoch, or null. */
    @Nullable
    Long time() throws InvalidEventException {
        if (atNull()) {
            return null;
        }
        require(JsonToken.VALUE_STRING, "a time");
        int start = cursor.start();
        long plain = IsoTime.parse(value, start + 1, cursor.endOfString(start) - 1);
        if (plain != IsoTime.NONE) {
            return plain;
        }
        String text = cursor.text(); // it may have escapes
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            String year = IsoTime.yearProblem(text);
            throw new InvalidEventException(
                    Rejection.Code.INVALID_VALUE,
                    cursor.where() + " is " + Json.quote(Json.shorten(text)) + ", "
                            + (year == null ? "not " + IsoTime.FORMAT : year));
        }
        return time.getAsLong();
    }

    /** A time as it is served, as a JSON string, or null. */
    @Nullable
    RawJson servedTime() throws InvalidEventException {
        Long time = time();
        if (time == null) {
            return null;
        }
        int start = cursor.start();
        int end = cursor.endOfString(start);
        return IsoTime.isServed(value, start + 1, end - 1)
                ? new RawJson(value, start, end)
                : RawJson.of('"' + IsoTime.format(time) + '"');
    }

    /** Checks that the value is the number that the record's key names. */
    void requireId(long id) throws InvalidEventException {
        JsonToken token = cursor.token();
        if (token == null || !token.isNumeric()) {
            throw cursor.wrongType("the number in the record's key, " + id);
        }
        if (cursor.isInteger(id)) {
            return;
        }
        String text = cursor.text();
        if (!sameNumber(text, id)) {
            throw new InvalidEventException(
                    Rejection.Code.INVALID_VALUE,
                    cursor.where() + " is " + Json.shorten(text) + ", but the record's key says " + id);
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
    RawJson raw() throws InvalidEventException {
        int start = cursor.start();
        JsonToken token = cursor.token();
        if (token == JsonToken.VALUE_STRING) {
            return new RawJson(value, start, cursor.endOfString(start));
        }
        if (token != JsonToken.START_OBJECT && token != JsonToken.START_ARRAY) {
            return RawJson.of(cursor.text());
        }
        skip();
        return new RawJson(value, start, cursor.end());
    }

    /** A value that must have been there, in the object that has just ended. */
    <T> T require(String name, @Nullable T found) throws InvalidEventException {
        if (found == null) {
            String where = cursor.where();
            throw new InvalidEventException(
                    Rejection.Code.MISSING_FIELD, (where.isEmpty() ? name : where + "." + name) + " is required");
        }
        return found;
    }

    private void require(JsonToken expected, String name) throws InvalidEventException {
        if (cursor.token() != expected) {
            throw cursor.wrongType(name);
        }
    }
}
