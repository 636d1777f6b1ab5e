package io.periodview.fuzz;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON that goes out: by the letter, and what the library takes that most clients have. */
public final class Served {

    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static {
        JACKSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNumberLength(Integer.MAX_VALUE)
                        .build());
    }

    private Served() {}

    public static Map<?, ?> object(byte[] json) {
        Object value = value(json);
        if (!(value instanceof Map<?, ?> object)) {
            throw new AssertionError("An object was expected, not " + value);
        }
        return object;
    }

    public static Object value(byte[] json) {
        @Nullable Object value = StrictJson.parse(json);
        if (value == null) {
            throw new AssertionError("Not JSON: " + StrictJson.text(json));
        }
        try {
            JACKSON.readTree(json);
        } catch (IOException e) {
            throw new AssertionError("Jackson refuses " + StrictJson.text(json), e);
        }
        return value;
    }
}
