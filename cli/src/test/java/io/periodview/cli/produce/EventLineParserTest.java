package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.periodview.cli.produce.EventLine.Empty;
import io.periodview.cli.produce.EventLine.Event;
import io.periodview.cli.produce.EventLine.Malformed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventLineParserTest {

    @Test
    void readsALine() {
        Event event =
                event("{\"topic\":\"actions\",\"key\":\"7/91011\",\"timestamp\":1722601385471,\"value\":{\"a\":1}}");

        assertThat(event.topic()).isEqualTo("actions");
        assertThat(event.key()).asString(UTF_8).isEqualTo("7/91011");
        assertThat(event.timestamp()).isEqualTo(1722601385471L);
        assertThat(event.value()).asString(UTF_8).isEqualTo("{\"a\":1}");
    }

    @Test
    void membersMayComeInAnyOrderAndTheTimestampIsOptional() {
        Event event = event(" { \"value\" : [ ] ,\t\"key\":\"\\u0037/1\", \"topic\" : \"periods\" } \r");

        assertThat(event.topic()).isEqualTo("periods");
        assertThat(event.key()).asString(UTF_8).isEqualTo("7/1");
        assertThat(event.timestamp()).isNull();
        assertThat(event.value()).asString(UTF_8).isEqualTo("[ ]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"id\":1,\"name\":\"x\"}",
                "{ \"a\" : [ 1 , 2,{ } ]\t, \"b\":{\"c\" : null } }",
                "{\"a\":1,\"a\":2}",
                "[]",
                "[1.10e5 , -0.0,1E+2]",
                "1.10e5",
                "-0.0",
                "-12",
                "0",
                "123456789012345678901234567890",
                "true",
                "false",
                "\"\"",
                "\"null\"",
                "\"a \\\"quoted\\\" \\\\ \\u00e4 \\/ }{,:\"",
                "\"ä€🌙 \\ud83c\\udf19\"",
                "{\"ключ\":\"значение 🌙\"}",
            })
    void aValueKeepsItsBytes(String value) {
        for (String around : new String[] {"", " ", "\t \r"}) {
            String first = "{\"value\":" + around + value + around + ",\"topic\":\"actions\",\"key\":\"1/1\"}";
            String last = "{\"key\":\"ü🌙\",\"topic\":\"actions\",\"timestamp\":1,\"value\"" + around + ":" + around
                    + value + around + "}";
            assertThat(event(first).value()).asString(UTF_8).isEqualTo(value);
            assertThat(event(last).value()).asString(UTF_8).isEqualTo(value);
        }
    }

    @Test
    void aValueMayBeOfAnyLengthAndDepth() {
        for (String value : new String[] {
            "\"" + "ä".repeat(600_000) + "\"",
            "[".repeat(5_000) + "]".repeat(5_000),
            "1".repeat(5_000),
            "0." + "1".repeat(5_000)
        }) {
            assertThat(event("{\"topic\":\"actions\",\"key\":\"1/1\",\"value\":" + value + "}")
                            .value())
                    .asString(UTF_8)
                    .isEqualTo(value);
        }
    }

    @Test
    void nullIsATombstone() {
        assertThat(event("{\"topic\":\"periods\",\"key\":\"1/1\",\"value\": null }")
                        .value())
                .isNull();
    }

    @Test
    void ignoresWhiteSpace() {
        assertThat(parse("")).isInstanceOf(Empty.class);
        assertThat(parse(" \t\r")).isInstanceOf(Empty.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "[]                                                          | It is not a JSON object.",
                "\uFEFF{\"topic\":\"actions\"}      | It begins with a byte order mark (BOM); save the file without one.",
                "topic,key,value                                             | Invalid JSON at column 1: Unrecognized token",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"value\":{\"a\":}}  | Invalid JSON at column",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"value\":{\"a\":1}  | Invalid JSON at column",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"value\":01}        | Invalid JSON at column",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"value\":1} {}      | Something follows the JSON object",
                "{\"topic\":\"actions\",\"key\":\"1/1\"}                     | \"value\" is missing.",
                "{\"topic\":\"actions\",\"value\":1}                         | \"key\" is missing.",
                "{\"key\":\"1/1\",\"value\":1}                               | \"topic\" is missing.",
                "{\"topic\":\"api-keys\",\"key\":\"1/1\",\"value\":1}        | \"topic\" is neither \"periods\" nor \"actions\".",
                "{\"topic\":{},\"key\":\"1/1\",\"value\":1}                  | \"topic\" is neither \"periods\" nor \"actions\".",
                "{\"topic\":\"actions\",\"key\":7,\"value\":1}               | \"key\" is not a string.",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"timestamp\":\"2024\",\"value\":1} | \"timestamp\" is not a number of milliseconds",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"timestamp\":-1,\"value\":1}       | \"timestamp\" is not a number of milliseconds",
                "{\"topic\":\"actions\",\"key\":\"1/1\",\"timestamp\":1e99,\"value\":1}     | \"timestamp\" is not a number of milliseconds",
                "{\"topic\":\"actions\",\"topic\":\"actions\"}               | \"topic\" appears twice.",
                "{\"value\":null,\"value\":1}                                | \"value\" appears twice.",
                "{\"topic\":\"actions\",\"key\":\"\\ud800\",\"value\":1}      | \"key\" has half of a surrogate pair.",
                "{\"\u009b\u2028\":\"actions\"}                              | Unknown member \"  \"; a line has",
                "{\"topic\":\"actions\",\"headers\":{}}                      | Unknown member \"headers\"; a line has",
            })
    void saysWhatIsWrong(String line, String reason) {
        assertThat(parse(line))
                .asInstanceOf(type(Malformed.class))
                .extracting(Malformed::reason)
                .asString()
                .startsWith(reason)
                .hasLineCount(1);
    }

    private static Event event(String line) {
        EventLine parsed = parse(line);
        assertThat(parsed).as(line).isInstanceOf(Event.class);
        return (Event) parsed;
    }

    /** Somewhere inside a buffer, as the reader has it. */
    private static EventLine parse(String line) {
        byte[] before = "{\"topic\":\"x\"}\n".getBytes(UTF_8);
        byte[] bytes = line.getBytes(UTF_8);
        byte[] buffer = new byte[before.length + bytes.length + 5];
        System.arraycopy(before, 0, buffer, 0, before.length);
        System.arraycopy(bytes, 0, buffer, before.length, bytes.length);
        return EventLineParser.parse(new LineReader.Line(buffer, before.length, before.length + bytes.length, 2));
    }
}
