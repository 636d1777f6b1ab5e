package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * What the topic {@code api-keys} knows about a key: whose data it opens, what people call it, and until when it works
 * ({@code null}: until it is revoked). The key itself is nowhere; the record's key is its {@link ApiKeyHash}.
 */
public record ApiKey(long teamId, String name, @Nullable Instant expiresAt) {

    private static final DateTimeFormatter MILLISECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** @throws IllegalArgumentException with a message for people, if this is no key */
    public ApiKey {
        if (teamId <= 0) {
            throw new IllegalArgumentException("A team's id is a positive integer, not " + teamId + ".");
        }
        String problem = problemWithName(name);
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** Whether the key has stopped working at this moment. */
    public boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }

    /** The record's value: {@code {"teamId":7,"name":"dashboard","expiresAt":null}}, times in UTC with milliseconds. */
    public byte[] toJson() {
        String expiry = expiresAt == null ? "null" : '"' + MILLISECONDS.format(expiresAt) + '"';
        return ("{\"teamId\":" + teamId + ",\"name\":" + Json.quote(name) + ",\"expiresAt\":" + expiry + "}")
                .getBytes(UTF_8);
    }

    /** What these bytes are; never throws. Unknown properties are ignored, as in every event. */
    public static Reading read(byte[] json) {
        return ApiKeyReader.read(json);
    }

    /** The sentence that says why this is no name, or null if it is one. It is shown in tables and logs. */
    static @Nullable String problemWithName(String name) {
        if (name.isBlank()) {
            return "A key's name must not be blank.";
        }
        return name.codePoints().anyMatch(Character::isISOControl)
                ? "A key's name has no control characters; " + Json.quote(Json.shorten(name)) + " has."
                : null;
    }

    /** What a value of the topic turned out to be. */
    public sealed interface Reading {

        record Valid(ApiKey key) implements Reading {}

        /** It opens nothing. The reason is one sentence for the operator who finds it. */
        record Invalid(String reason) implements Reading {
            public Invalid {
                reason = OneLine.of(reason);
            }
        }
    }
}
