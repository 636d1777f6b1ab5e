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
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Walks over one event's JSON and knows where it stands: {@code markers[2].timestamp}. It stands on a field's or an
 * element's value. Not thread-safe.
 */
final class JsonCursor implements Closeable {

    private static final int MAX_DEPTH = 1_000;

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
                    .maxNameLength(EventLimits.MAX_BYTES)
                    .maxNumberLength(EventLimits.MAX_BYTES)
                    .maxStringLength(EventLimits.MAX_BYTES)
                    .build())
            .build();

    private final byte[] value;
    private final JsonParser parser;

    /** Stands before the first token. */
    JsonCursor(byte[] value) throws IOException {
        this.value = value;
        this.parser = JSON.createParser(value);
    }

    /** Steps to the next member of the object that the walk is in; false at its end. */
    boolean nextField() throws InvalidEventException {
        if (next() == JsonToken.END_OBJECT) {
            return false;
        }
        next();
        return true;
    }

    /** The name of the member that the walk stands on. */
    String field() throws InvalidEventException {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Steps to the next element of the array that the walk is in; false at its end. */
    boolean nextElement() throws InvalidEventException {
        return next() != JsonToken.END_ARRAY;
    }

    boolean atNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    boolean atObject() {
        return parser.currentToken() == JsonToken.START_OBJECT;
    }

    @Nullable
    JsonToken token() {
        return parser.currentToken();
    }

    /** Steps to the next token; null at the end. */
    @Nullable
    JsonToken next() throws InvalidEventException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The value, decoded. */
    String text() throws InvalidEventException {
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** The offset of the value's first byte. */
    int start() {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    /** The offset behind the object or array that the walk has stepped over. */
    int end() {
        return (int) parser.currentLocation().getByteOffset();
    }

    /**
     * Behind the closing quote. The parser has not read the string yet: it does, and finds what is wrong in it, when the
     * walk goes on, at a fraction of what decoding it costs.
     */
    int endOfString(int start) throws InvalidEventException {
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

    /** Whether the value is a number that is written as an integer, and is this one. */
    boolean isInteger(long number) throws InvalidEventException {
        try {
            return parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                    && parser.getLongValue() == number;
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Steps over a value that nobody knows. */
    void skip() throws InvalidEventException {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    InvalidEventException wrongType(String expected) {
        String where = where();
        return new InvalidEventException(
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
    String where() {
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

    static InvalidEventException malformed(IOException e) {
        if (e instanceof StreamConstraintsException) {
            return new InvalidEventException(
                    Rejection.Code.MALFORMED_JSON, "The value nests more than " + MAX_DEPTH + " levels deep");
        }
        if (!(e instanceof StreamReadException broken)) {
            throw new UncheckedIOException("Reading from memory failed", e);
        }
        String message = broken.getOriginalMessage();
        Rejection.Code code =
                message.startsWith("Duplicate ") ? Rejection.Code.INVALID_VALUE : Rejection.Code.MALFORMED_JSON;
        long at = broken.getLocation() == null ? -1 : broken.getLocation().getByteOffset();
        return new InvalidEventException(
                code, "The value is not valid JSON" + (at < 0 ? "" : " at byte " + at) + ": " + message);
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
