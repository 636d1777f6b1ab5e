package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.topics.ApiKey.Reading.Invalid;
import io.periodview.topics.ApiKey.Reading.Valid;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiKeyTest {

    @Test
    void isWrittenAsTheContractSays() {
        assertThat(new ApiKey(7, "dashboard", null).toJson())
                .asString(UTF_8)
                .isEqualTo("{\"teamId\":7,\"name\":\"dashboard\",\"expiresAt\":null}");
        assertThat(new ApiKey(7, "a \"b\" ü", Instant.parse("2026-05-01T10:00:00.1239Z")).toJson())
                .asString(UTF_8)
                .isEqualTo("{\"teamId\":7,\"name\":\"a \\\"b\\\" ü\",\"expiresAt\":\"2026-05-01T10:00:00.123Z\"}");
    }

    @Test
    void isReadAsItWasWritten() {
        ApiKey key = new ApiKey(Long.MAX_VALUE, "nachts 🌙", Instant.parse("2026-05-01T10:00:00.123Z"));

        assertThat(ApiKey.read(key.toJson())).isEqualTo(new Valid(key));
    }

    @Test
    void offsetsAreUnderstoodAndUnknownPropertiesIgnored() {
        String json =
                "{\"name\":\"n\",\"scopes\":[{\"a\":1}],\"expiresAt\":\"2026-05-01T12:00:00+02:00\",\"teamId\":1}";

        assertThat(ApiKey.read(json.getBytes(UTF_8)))
                .isEqualTo(new Valid(new ApiKey(1, "n", Instant.parse("2026-05-01T10:00:00Z"))));
    }

    @Test
    void aMissingExpiryIsNone() {
        assertThat(ApiKey.read("{\"teamId\":1,\"name\":\"n\"}".getBytes(UTF_8)))
                .isEqualTo(new Valid(new ApiKey(1, "n", null)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "7                                              | no JSON object",
                "null                                           | no JSON object",
                "{\"teamId\":7,\"name\":\"n\"                   | no JSON",
                "{\"teamId\":7,\"name\":\"n\"} {}               | Something follows",
                "{\"teamId\":7,\"teamId\":8,\"name\":\"n\"}     | no JSON: Duplicate",
                "{\"name\":\"n\"}                               | \"teamId\" is missing",
                "{\"teamId\":\"7\",\"name\":\"n\"}              | \"teamId\" is no positive",
                "{\"teamId\":7.0,\"name\":\"n\"}                | \"teamId\" is no positive",
                "{\"teamId\":0,\"name\":\"n\"}                  | \"teamId\" is no positive",
                "{\"teamId\":9223372036854775808,\"name\":\"n\"}| \"teamId\" is no positive",
                "{\"teamId\":7}                                 | \"name\" is missing",
                "{\"teamId\":7,\"name\":null}                   | \"name\" is no string",
                "{\"teamId\":7,\"name\":\" \"}                  | must not be blank",
                "{\"teamId\":7,\"name\":\"a\\u0007\"}           | control characters",
                "{\"teamId\":7,\"name\":\"n\",\"expiresAt\":\"2026-05-01T10:00:00\"} | \"expiresAt\" is neither",
                "{\"teamId\":7,\"name\":\"n\",\"expiresAt\":1}  | \"expiresAt\" is neither",
            })
    void whatIsDoubtfulIsNoKey(String json, String reason) {
        assertThat(ApiKey.read(json.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        Invalid.class, invalid -> assertThat(invalid.reason()).contains(reason));
    }

    @Test
    void bytesThatAreNoTextAreNoKey() {
        byte[] json = new ApiKey(7, "aaaa", null).toJson();
        assertThat(ApiKey.read(new byte[0])).isInstanceOf(Invalid.class);
        for (int end = 0; end < json.length; end++) {
            assertThat(ApiKey.read(Arrays.copyOf(json, end))).isInstanceOf(Invalid.class);
        }
        json[19] = (byte) 0xff;
        assertThat(ApiKey.read(json)).isInstanceOf(Invalid.class);
    }

    /** Jackson takes some byte sequences for characters that are none, such as this slash in two bytes. */
    @Test
    void aKeyIsUtf8() {
        byte[] json = "{\"teamId\":7,\"name\":\"__x\"}".getBytes(UTF_8);
        json[20] = (byte) 0xc0;
        json[21] = (byte) 0xaf;

        assertThat(ApiKey.read(json)).isEqualTo(new Invalid("It is not UTF-8."));
    }

    @Test
    void whatIsSaidOfABadNameIsOneLineWithoutControlCharacters() {
        ApiKey.Reading reading = ApiKey.read("{\"teamId\":7,\"name\":\"\u009b2J\u2028\"}".getBytes(UTF_8));

        assertThat(reading).isEqualTo(new Invalid("A key's name has no control characters; \" 2J \" has."));
    }

    @Test
    void expiresAtItsMoment() {
        Instant noon = Instant.parse("2026-05-01T12:00:00Z");
        ApiKey key = new ApiKey(7, "n", noon);

        assertThat(key.isExpired(noon.minusMillis(1))).isFalse();
        assertThat(key.isExpired(noon)).isTrue();
        assertThat(new ApiKey(7, "n", null).isExpired(Instant.MAX)).isFalse();
    }

    @Test
    void aNewKeyIsRecognizableAndShowsItselfOnlyWhenAsked() {
        NewApiKey key = NewApiKey.generate();

        assertThat(key.reveal())
                .matches("pv_[A-Za-z0-9_-]{43}")
                .isNotEqualTo(NewApiKey.generate().reveal());
        assertThat(key.toString()).isEqualTo("pv_…");
        assertThat(key.hash()).isEqualTo(ApiKeyHash.of(key.reveal()));
    }

    @Test
    void theHashIsSha256InLowerCaseHex() {
        ApiKeyHash hash = ApiKeyHash.of("abc");

        assertThat(hash).hasToString("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assertThat(hash.abbreviated()).isEqualTo("ba7816bf8f01");
        assertThat(ApiKeyHash.parse(hash.toBytes())).isEqualTo(hash);
        assertThat(ApiKeyHash.parse(
                        hash.hex().toUpperCase(java.util.Locale.ROOT).getBytes(UTF_8)))
                .isNull();
        assertThat(ApiKeyHash.parse("abc".getBytes(UTF_8))).isNull();
        assertThatThrownBy(() -> new ApiKeyHash("pv_secret")).hasMessageNotContaining("secret");
    }
}
