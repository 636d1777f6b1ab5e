package io.periodview.topics;

import io.periodview.fuzz.Property;
import io.periodview.fuzz.StrictJson;
import java.math.BigInteger;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Values of {@code api-keys}: a mistake here opens a team's data. */
public final class ApiKeyValueFuzz {

    private ApiKeyValueFuzz() {}

    public static void fuzzerTestOneInput(byte[] value) {
        ApiKey expected = model(StrictJson.parse(value));
        ApiKey.Reading reading = ApiKey.read(value);
        if (reading instanceof ApiKey.Reading.Invalid invalid) {
            Property.isOneLine(invalid.reason());
            // Numbers of more than a thousand digits are not read; no key has them.
            Property.holds(expected == null || value.length > 1_000, "A key is refused: " + invalid);
            return;
        }
        ApiKey key = ((ApiKey.Reading.Valid) reading).key();
        Property.equal(expected, key, "The key");
        Property.equal(reading, ApiKey.read(key.toJson()), "The key, written and read again");
    }

    private static @Nullable ApiKey model(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> key)
                || !(key.get("teamId") instanceof StrictJson.Num team)
                || !team.text().matches("[1-9][0-9]{0,18}")
                || new BigInteger(team.text()).bitLength() > 63
                || !(key.get("name") instanceof String name)
                || name.isBlank()
                || name.codePoints().anyMatch(Character::isISOControl)) {
            return null;
        }
        long teamId = Long.parseLong(team.text());
        Object expiresAt = key.get("expiresAt");
        if (expiresAt == null || expiresAt == StrictJson.Literal.NULL) {
            return new ApiKey(teamId, name, null);
        }
        OptionalLong time = expiresAt instanceof String text ? IsoTime.parse(text) : OptionalLong.empty();
        return time.isPresent() ? new ApiKey(teamId, name, Instant.ofEpochMilli(time.getAsLong())) : null;
    }
}
