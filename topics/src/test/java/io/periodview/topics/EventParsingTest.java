package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventParsingTest {

    private static final EventKey KEY = new EventKey(7, 1);
    private static final String PERIOD = """
            {"id":1,"name":"Example Period","start_date":"2024-07-18T18:30:00.000Z","end_date":"2024-07-18T20:30:00.000Z",
             "created_at":"2024-07-18T19:26:16.624Z","updated_at":"2024-07-26T06:02:03.257Z",
             "markers":[{"name":"Late","timestamp":"2024-07-18T19:40:00.000Z"},
                        {"name":"First","timestamp":"2024-07-18T18:40:00.000Z"},
                        {"name":"Second","timestamp":"2024-07-18T18:40:00.000Z","colour":{"of":["a",1]}}]}""";
    private static final String ACTION = """
            {"actionId":1,"classification":"Example Classification","subClassification":"Example Sub-Classification",
             "status":"canceled","createdTime":"2024-08-02T12:23:05.471Z","assignedTime":"2024-08-02T14:00:00.000Z",
             "doingTime":"2024-08-03T09:00:00.000Z","closedTime":"2024-08-04T16:00:00.000Z",
             "createdByUserName":"Example User","assignedUserNames":["Example User 1","Example User 2"],
             "channel":"Example Channel","formType":"Example Type","latestChannel":"Latest Routed Channel",
             "aiDispatched":true,"formFields":{"department":"Ops","budget":1.20e3,"tags":["a", {"b":null}],"none":null,
             "of \\"it\\"":true, "é":"\\u00e9\\ud800 ü\\"x"},"unknown":{"a":[1,{"b":2}]}}""";

    @Test
    void readsPeriodWithItsMarkersInOrder() {
        assertThat(PeriodEvent.parse(KEY, PERIOD.getBytes(UTF_8)))
                .isEqualTo(new ParseResult.Parsed<>(new PeriodEvent(
                        "Example Period",
                        time("2024-07-18T18:30:00.000Z"),
                        time("2024-07-18T20:30:00.000Z"),
                        time("2024-07-18T19:26:16.624Z"),
                        time("2024-07-26T06:02:03.257Z"),
                        List.of(
                                new Marker("First", time("2024-07-18T18:40:00.000Z")),
                                new Marker("Second", time("2024-07-18T18:40:00.000Z")),
                                new Marker("Late", time("2024-07-18T19:40:00.000Z"))))));
    }

    @ParameterizedTest
    @CsvSource({
        "2024-07-18T18:30:00.000Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18t18:30:00.000Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18T18:30:00.000z, 2024-07-18T18:30:00.000Z",
        "'2024-07-18T18:30:00,000Z', 2024-07-18T18:30:00.000Z",
        "2024-07-18T18:30:00.0009Z, 2024-07-18T18:30:00.000Z",
        "2024-07-18T18:30:00+00:00, 2024-07-18T18:30:00.000Z",
        "2024-07-18T20:30:00.5+02, 2024-07-18T18:30:00.500Z",
        "2024-07-18T20:30:00+02:00, 2024-07-18T18:30:00.000Z",
        "\\u0032024-07-18T18:30Z, 2024-07-18T18:30:00.000Z",
        "\\u0032024-07-18T18:3Z, ",
    })
    void timesAreServedInOneForm(String written, String served) {
        String value = "{\"createdTime\":\"1970-01-01T00:00Z\",\"doingTime\":\"" + written + "\"}";
        ParseResult<ActionEvent> parsed = ActionEvent.parse(KEY, value.getBytes(UTF_8));
        if (served == null) {
            assertThat(parsed).isInstanceOf(ParseResult.Rejected.class);
        } else {
            assertThat(((ParseResult.Parsed<ActionEvent>) parsed).value().doingTime())
                    .isEqualTo(text(served));
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            value = {"\"a\\u00e9\\\"\\/\\\\\"", "\"\\ud800\"", "\"é\uD83D\uDE00\"", "\"\""})
    void textsAreKeptAsWritten(String written) {
        String value = "{\"status\":" + written + ",\"createdTime\":\"1970-01-01T00:00Z\",\"assignedUserNames\":["
                + written + "]}";
        ActionEvent event = ((ParseResult.Parsed<ActionEvent>) ActionEvent.parse(KEY, value.getBytes(UTF_8))).value();
        assertThat(event.status()).hasToString(written);
        assertThat(event.assignedUserNames()).containsExactly(RawJson.of(written));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"a", "\"a\\\"}", "\"a\\", "\"\\x\"}", "\"\\u12\"}", "\"a\nb\"}"})
    void aTextThatIsNoneIsFoundAlthoughItIsNotDecoded(String text) {
        String value = "{\"createdTime\":\"1970-01-01T00:00Z\",\"status\":" + text;
        assertThat(ActionEvent.parse(KEY, value.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ParseResult.Rejected.class,
                        parsed -> assertThat(parsed.rejection().code()).isEqualTo(Rejection.Code.MALFORMED_JSON));
    }

    private static RawJson text(String text) {
        return RawJson.of('"' + text + '"');
    }

    @Test
    void readsActionAndKeepsFormFieldsAsWritten() {
        assertThat(ActionEvent.parse(KEY, ACTION.getBytes(UTF_8)))
                .isEqualTo(new ParseResult.Parsed<>(new ActionEvent(
                        text("Example Classification"),
                        text("Example Sub-Classification"),
                        text("canceled"),
                        time("2024-08-02T12:23:05.471Z"),
                        text("2024-08-02T14:00:00.000Z"),
                        text("2024-08-03T09:00:00.000Z"),
                        text("2024-08-04T16:00:00.000Z"),
                        text("Example User"),
                        List.of(text("Example User 1"), text("Example User 2")),
                        text("Example Channel"),
                        text("Example Type"),
                        text("Latest Routed Channel"),
                        true,
                        List.of(
                                new FormField("department", RawJson.of("\"Ops\"")),
                                new FormField("budget", RawJson.of("1.20e3")),
                                new FormField("tags", RawJson.of("[\"a\", {\"b\":null}]")),
                                new FormField("none", RawJson.of("null")),
                                new FormField("of \"it\"", RawJson.of("true")),
                                new FormField("é", RawJson.of("\"\\u00e9\\ud800 ü\\\"x\""))))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\"}",
                "{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\",\"end_date\":null,\"created_at\":null,\"updated_at\":null,\"markers\":null}",
                "{\"markers\":[],\"start_date\":\"2024-01-01T00:00Z\",\"name\":\"P\",\"id\":1}",
                "{\"id\":1.0,\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\"}",
                " {\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\"} ",
            })
    void takesOpenPeriodWithoutTheRest(String value) {
        assertThat(PeriodEvent.parse(KEY, value.getBytes(UTF_8)))
                .isEqualTo(new ParseResult.Parsed<>(
                        new PeriodEvent("P", time("2024-01-01T00:00:00.000Z"), null, null, null, List.of())));
    }

    @Test
    void takesSingleMarkerForAnArrayOfOne() {
        String value = "{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\","
                + "\"markers\":{\"name\":\"M\",\"timestamp\":\"2024-01-01T00:00Z\"}}";
        assertThat(PeriodEvent.parse(KEY, value.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ParseResult.Parsed.class,
                        parsed -> assertThat(((PeriodEvent) parsed.value()).markers())
                                .containsExactly(new Marker("M", time("2024-01-01T00:00:00.000Z"))));
    }

    @Test
    void takesActionWithNothingButItsCreatedTime() {
        ActionEvent bare = new ActionEvent(
                null, null, null, 0, null, null, null, null, List.of(), null, null, null, false, List.of());
        assertThat(ActionEvent.parse(KEY, "{\"createdTime\":\"1970-01-01T00:00Z\"}".getBytes(UTF_8)))
                .isEqualTo(new ParseResult.Parsed<>(bare));
        String nulls = "{\"createdTime\":\"1970-01-01T00:00Z\",\"classification\":null,\"subClassification\":null,"
                + "\"status\":null,\"assignedTime\":null,\"doingTime\":null,\"closedTime\":null,"
                + "\"createdByUserName\":null,\"assignedUserNames\":null,\"channel\":null,\"formType\":null,"
                + "\"latestChannel\":null,\"aiDispatched\":null,\"formFields\":null}";
        assertThat(ActionEvent.parse(KEY, nulls.getBytes(UTF_8))).isEqualTo(new ParseResult.Parsed<>(bare));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|empty-value|The value is empty; a deletion has a null value",
                "[]|invalid-value|The value is an array, not an object",
                "\"x\"|invalid-value|The value is a string, not an object",
                "null|invalid-value|The value is null, not an object",
                "~ ~|invalid-value|The value is nothing, not an object",
                "{}|missing-field|name is required",
                "{\"name\":null}|missing-field|name is required",
                "{\"name\":\"P\"}|missing-field|start_date is required",
                "{\"name\":7}|invalid-value|name is a number, not a string",
                "{\"name\":[\"P\"]}|invalid-value|name is an array, not a string",
                "{\"name\":{\"a\":1}}|invalid-value|name is an object, not a string",
                "{\"id\":2}|invalid-value|id is 2, but the record's key says 1",
                "{\"id\":1e9999999999}|invalid-value|id is 1e9999999999, but the record's key says 1",
                "{\"id\":\"1\"}|invalid-value|id is a string, not the number in the record's key, 1",
                "{\"id\":null}|invalid-value|id is null, not the number in the record's key, 1",
                "{\"start_date\":\"yesterday\"}|invalid-value|start_date is \"yesterday\", not an ISO 8601 date and time"
                        + " with an offset, such as 2024-07-18T18:30:00.000Z or 2024-07-18T20:30+02:00",
                "{\"start_date\":12}|invalid-value|start_date is a number, not a time",
                "{\"name\":\"P\",\"start_date\":\"2024-01-02T00:00Z\",\"end_date\":\"2024-01-01T00:00Z\"}|invalid-value|"
                        + "end_date 2024-01-01T00:00:00.000Z is not after start_date 2024-01-02T00:00:00.000Z",
                "{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\",\"end_date\":\"2024-01-01T00:00:00.0001Z\"}"
                        + "|invalid-value|"
                        + "end_date 2024-01-01T00:00:00.000Z is not after start_date 2024-01-01T00:00:00.000Z",
                "{\"markers\":\"x\"}|invalid-value|markers is a string, not an array of objects",
                "{\"markers\":[[]]}|invalid-value|markers[0] is an array, not an object",
                "{\"markers\":[{\"name\":\"M\",\"timestamp\":\"2024-01-01T00:00Z\"},{\"name\":\"M\"}]}|missing-field"
                        + "|markers[1].timestamp is required",
                "{\"markers\":[{\"name\":3}]}|invalid-value|markers[0].name is a number, not a string",
                "{\"markers\":{\"name\":\"M\"}}|missing-field|markers.timestamp is required",
            })
    void saysWhatIsWrongWithPeriod(String value, String code, String message) {
        assertRejected(PeriodEvent.parse(KEY, value.getBytes(UTF_8)), code, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{}|missing-field|createdTime is required",
                "{\"createdTime\":null}|missing-field|createdTime is required",
                "{\"actionId\":3}|invalid-value|actionId is 3, but the record's key says 1",
                "{\"aiDispatched\":\"true\"}|invalid-value|aiDispatched is a string, not true or false",
                "{\"assignedUserNames\":\"x\"}|invalid-value|assignedUserNames is a string, not an array of strings",
                "{\"assignedUserNames\":[\"x\",null]}|invalid-value|assignedUserNames[1] is null, not a string",
                "{\"formFields\":[]}|invalid-value|formFields is an array, not an object",
                "{\"status\":false}|invalid-value|status is a boolean, not a string",
                "{\"closedTime\":\"2024-01-01\"}|invalid-value|closedTime is \"2024-01-01\", not an ISO 8601 date and"
                        + " time with an offset, such as 2024-07-18T18:30:00.000Z or 2024-07-18T20:30+02:00",
            })
    void saysWhatIsWrongWithAction(String value, String code, String message) {
        assertRejected(ActionEvent.parse(KEY, value.getBytes(UTF_8)), code, message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{\"name\":\"P\",\"name\":\"P\"}|invalid-value|'name'",
                "{\"unknown\":{\"a\":1,\"a\":1}}|invalid-value|'a'",
                "{\"formFields\":{\"a\":{\"b\":1,\"b\":1}}}|invalid-value|'b'",
                "{\"formFields\":{\"a\":1,\"a\":1}}|invalid-value|'a'",
                "{|malformed-json|end-of-input",
                "{\"name\":\"P|malformed-json|end-of-input",
                "{name:1}|malformed-json|'n'",
                "{\"a\":01}|malformed-json|Leading zero",
                "{\"a\":NaN}|malformed-json|NaN",
                "{\"a\":1,}|malformed-json|'}'",
                "{\"createdTime\":\"2024-01-01T00:00Z\"}}|malformed-json|'}'",
                "{\"createdTime\":\"2024-01-01T00:00Z\"} 1|malformed-json|follows",
                "/* no */{}|malformed-json|'/'",
            })
    void saysWhereJsonIsBroken(String value, String code, String hint) {
        assertThat(rejection(ActionEvent.parse(KEY, value.getBytes(UTF_8)))).satisfies(rejection -> {
            assertThat(rejection.code()).hasToString(code);
            assertThat(rejection.message()).contains(hint).doesNotContain("\n");
        });
    }

    @Test
    void takesUtf8Only() {
        byte[] utf16 = ACTION.getBytes(java.nio.charset.StandardCharsets.UTF_16LE);
        assertThat(rejection(ActionEvent.parse(KEY, utf16)).code()).isEqualTo(Rejection.Code.MALFORMED_JSON);
        byte[] surrogate = "{\"status\":\"???\",\"createdTime\":\"2024-01-01T00:00Z\"}".getBytes(UTF_8);
        surrogate[11] = (byte) 0xED;
        surrogate[12] = (byte) 0xA0;
        surrogate[13] = (byte) 0x80;
        assertRejected(
                ActionEvent.parse(KEY, surrogate), "malformed-json", "The value is not valid UTF-8 after byte 11");
    }

    @Test
    void namesAByteOrderMark() {
        assertRejected(
                ActionEvent.parse(KEY, ("\uFEFF" + ACTION).getBytes(UTF_8)),
                "malformed-json",
                "The value begins with a byte order mark (BOM), which JSON must not have");
    }

    @Test
    void namesAYearThatFourDigitsCannotServe() {
        assertRejected(
                ActionEvent.parse(KEY, "{\"createdTime\":\"9999-12-31T23:59:59-01:00\"}".getBytes(UTF_8)),
                "invalid-value",
                "createdTime is \"9999-12-31T23:59:59-01:00\", whose year is beyond 9999 in UTC");
        assertRejected(
                ActionEvent.parse(KEY, "{\"createdTime\":\"0000-01-01T00:00:00+01:00\"}".getBytes(UTF_8)),
                "invalid-value",
                "createdTime is \"0000-01-01T00:00:00+01:00\", whose year is before 0000 in UTC");
    }

    @Test
    void takesOneMebibyteAndNoMore() {
        String frame = "{\"createdTime\":\"2024-01-01T00:00Z\",\"status\":\"\"}";
        String filled = frame.replace("\"\"", "\"" + "x".repeat((1 << 20) - frame.length()) + "\"");
        assertThat(ActionEvent.parse(KEY, filled.getBytes(UTF_8))).isInstanceOf(ParseResult.Parsed.class);
        assertRejected(
                ActionEvent.parse(KEY, (filled + " ").getBytes(UTF_8)),
                "too-large",
                "The value has 1048577 bytes; an event may have 1048576 (1 MiB)");
    }

    @Test
    void nestingHasItsLimit() {
        String value = "{\"formFields\":{\"a\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}}";
        assertRejected(
                ActionEvent.parse(KEY, value.getBytes(UTF_8)),
                "malformed-json",
                "The value nests more than 1000 levels deep");
    }

    @Test
    void longNumbersStayAsTheyAre() {
        String number = "1".repeat(100_000) + ".5E-7";
        String value = "{\"createdTime\":\"2024-01-01T00:00Z\",\"formFields\":{\"n\":" + number + "}}";
        assertThat(ActionEvent.parse(KEY, value.getBytes(UTF_8)))
                .isInstanceOfSatisfying(
                        ParseResult.Parsed.class,
                        parsed -> assertThat(((ActionEvent) parsed.value()).formFields())
                                .containsExactly(new FormField("n", RawJson.of(number))));
    }

    /** Whatever bytes come, the answer is an event or a reason: an exception would stop a partition. */
    @Test
    void neverThrowsWhateverComes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 50_000; i++) {
            byte[] value = (random.nextBoolean() ? PERIOD : ACTION).getBytes(UTF_8);
            for (int flips = random.nextInt(4); flips >= 0; flips--) {
                value[random.nextInt(value.length)] =
                        (byte) (random.nextBoolean() ? random.nextInt() : "{}[]\",:0e.\\u".charAt(random.nextInt(12)));
            }
            try {
                PeriodEvent.parse(KEY, value);
                ActionEvent.parse(KEY, value);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(value, UTF_8), e);
            }
        }
    }

    private static void assertRejected(ParseResult<?> parsed, String code, String message) {
        Rejection rejection = rejection(parsed);
        assertThat(rejection.message()).isEqualTo(message);
        assertThat(rejection.code()).hasToString(code);
    }

    private static Rejection rejection(ParseResult<?> parsed) {
        assertThat(parsed).isInstanceOf(ParseResult.Rejected.class);
        return ((ParseResult.Rejected<?>) parsed).rejection();
    }

    private static long time(String text) {
        return java.time.Instant.parse(text).toEpochMilli();
    }
}
