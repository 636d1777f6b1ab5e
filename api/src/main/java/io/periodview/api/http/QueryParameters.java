package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.periodview.topics.ByteOrderMark;
import io.periodview.topics.IsoTime;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The query of a request. Only parameters that are asked for are decoded, so whatever else stands there is ignored.
 * Immutable.
 */
final class QueryParameters {

    private static final ObjectReader JSON =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MAX_FORM_FIELDS = 100;
    private static final int MAX_NAME_LENGTH = 200;
    private static final String INVALID_FORM_FIELDS = "Invalid form_fields. It must be an array of strings.";

    private final @Nullable String query;

    /** @param query as it stands in the request's target, or null */
    QueryParameters(@Nullable String query) {
        this.query = query;
    }

    /** A time in milliseconds since the epoch, or null if the parameter is not there. */
    @Nullable
    Long date(String name) {
        List<String> given = rawValues(name);
        if (given.isEmpty()) {
            return null;
        }
        String decoded = given.size() == 1 ? decode(given.get(0)) : null;
        // A "+" that was not encoded arrived as a space.
        String text = decoded == null ? "" : decoded.replace(' ', '+');
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw invalidDate(name, text);
        }
        return time.getAsLong();
    }

    private static ApiError invalidDate(String name, String text) {
        String year = IsoTime.yearProblem(text);
        String more = year == null ? beginsWithBom(text) : " It is one " + year + ".";
        return ApiError.badRequest("Invalid " + name + ". It must be " + IsoTime.FORMAT + ", given once." + more);
    }

    /** A sentence that says so, or nothing. */
    private static String beginsWithBom(String text) {
        return ByteOrderMark.isAtStart(text) ? " It begins with " + ByteOrderMark.NAME + "." : "";
    }

    /** The names of the form fields that are asked for, or null if the parameter is not there. */
    @Nullable
    List<String> formFields() {
        List<String> given = rawValues("form_fields");
        if (given.isEmpty()) {
            return null;
        }
        String decoded = given.size() == 1 ? decode(given.get(0)) : null;
        JsonNode array = decoded == null ? null : parse(decoded);
        if (array == null || !array.isArray()) {
            throw ApiError.badRequest(INVALID_FORM_FIELDS + (decoded == null ? "" : beginsWithBom(decoded)));
        }
        List<String> names = new ArrayList<>(array.size());
        for (JsonNode name : array) {
            if (!name.isTextual()) {
                throw ApiError.badRequest(INVALID_FORM_FIELDS);
            }
            names.add(name.textValue());
        }
        checkSize(names);
        return names;
    }

    /** Names cost time for each action of a period. */
    private static void checkSize(List<String> names) {
        if (new HashSet<>(names).size() > MAX_FORM_FIELDS) {
            throw ApiError.badRequest(INVALID_FORM_FIELDS + " It may have " + MAX_FORM_FIELDS + " names at most.");
        }
        for (String name : names) {
            if (name.codePointCount(0, name.length()) > MAX_NAME_LENGTH) {
                throw ApiError.badRequest(
                        INVALID_FORM_FIELDS + " A name may have " + MAX_NAME_LENGTH + " characters at most.");
            }
        }
    }

    private static @Nullable JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private List<String> rawValues(String name) {
        List<String> values = new ArrayList<>(1);
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                int equals = pair.indexOf('=');
                String key = equals < 0 ? pair : pair.substring(0, equals);
                if (name.equals(decode(key))) {
                    values.add(equals < 0 ? "" : pair.substring(equals + 1));
                }
            }
        }
        return values;
    }

    /** The text that was percent-encoded, or null if that is broken or no UTF-8. */
    static @Nullable String decode(String encoded) {
        if (encoded.indexOf('%') < 0) {
            return encoded.replace('+', ' ');
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        byte[] raw = encoded.getBytes(UTF_8);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i] == '%') {
                int high = i + 1 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
                int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
                if (high < 0 || low < 0) {
                    return null;
                }
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(raw[i] == '+' ? ' ' : raw[i]);
            }
        }
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
