package io.periodview.topics;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.periodview.topics.ApiKey.Reading;
import io.periodview.topics.ApiKey.Reading.Invalid;
import io.periodview.topics.ApiKey.Reading.Valid;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads the values of {@code api-keys}. What is doubtful is no key: a mistake here must not open a team's data. */
final class ApiKeyReader {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .build();

    private long teamId;
    private @Nullable String name;
    private @Nullable Instant expiresAt;

    private ApiKeyReader() {}

    static Reading read(byte[] json) {
        if (ByteOrderMark.isAtStart(json, 0, json.length)) {
            return new Invalid("It begins with " + ByteOrderMark.NAME + ".");
        }
        if (Utf8.firstInvalid(json) >= 0) {
            return new Invalid("It is not UTF-8.");
        }
        ApiKeyReader reader = new ApiKeyReader();
        try (JsonParser parser = JSON.createParser(json)) {
            String problem = reader.problemIn(parser);
            if (problem != null) {
                return new Invalid(problem);
            }
        } catch (JsonProcessingException e) {
            return new Invalid("It is no JSON: " + Json.shorten(e.getOriginalMessage()) + ".");
        } catch (IOException e) {
            throw new UncheckedIOException("Bytes in memory cannot fail to be read", e);
        }
        if (reader.teamId == 0) {
            return new Invalid("\"teamId\" is missing.");
        }
        String name = reader.name;
        if (name == null) {
            return new Invalid("\"name\" is missing.");
        }
        String problem = ApiKey.problemWithName(name);
        return problem != null ? new Invalid(problem) : new Valid(new ApiKey(reader.teamId, name, reader.expiresAt));
    }

    private @Nullable String problemIn(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return "It is no JSON object.";
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String property = parser.currentName();
            JsonToken token = parser.nextToken();
            String problem = switch (property) {
                case "teamId" -> readTeamId(parser, token);
                case "name" -> readName(parser, token);
                case "expiresAt" -> readExpiresAt(parser, token);
                default -> {
                    parser.skipChildren();
                    yield null;
                }
            };
            if (problem != null) {
                return problem;
            }
        }
        return parser.nextToken() == null ? null : "Something follows the JSON object.";
    }

    private @Nullable String readTeamId(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NUMBER_INT && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            teamId = parser.getLongValue();
        }
        return teamId > 0 ? null : "\"teamId\" is no positive 64-bit integer.";
    }

    private @Nullable String readName(JsonParser parser, JsonToken token) throws IOException {
        name = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        return name != null ? null : "\"name\" is no string.";
    }

    private @Nullable String readExpiresAt(JsonParser parser, JsonToken token) throws IOException {
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        String problem = "\"expiresAt\" is neither null nor an ISO 8601 time with an offset.";
        if (token != JsonToken.VALUE_STRING) {
            return problem;
        }
        OptionalLong time = IsoTime.parse(parser.getText());
        if (time.isEmpty()) {
            return problem;
        }
        expiresAt = Instant.ofEpochMilli(time.getAsLong());
        return null;
    }
}
