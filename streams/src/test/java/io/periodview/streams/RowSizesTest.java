package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.domain.Period;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.streams.store.PeriodRow;
import io.periodview.topics.ActionEvent;
import io.periodview.topics.EventKey;
import io.periodview.topics.EventLimits;
import io.periodview.topics.Json;
import io.periodview.topics.ParseResult;
import io.periodview.topics.PeriodEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No event that is taken makes a row that the changelog refuses. */
class RowSizesTest {

    private static final EventKey KEY = new EventKey(Long.MAX_VALUE, Long.MAX_VALUE);
    private static final String PERIOD = "{\"start_date\":\"2024-07-01T00:00Z\",\"name\":\"";

    /** Any text grows at most so: a row has a period's names twice, an action's once. */
    @Test
    void noCharacterTakesMoreThanThreeTimesItsBytesInTheEvent() {
        for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
            int row = Json.quote(Character.toString(c)).getBytes(UTF_8).length - 2;
            boolean isLone = c <= 0xffff && Character.isSurrogate((char) c);
            boolean hasShortEscape = "\"\\/\b\f\n\r\t".indexOf(c) >= 0;
            int event = c < ' ' || c == '"' || c == '\\' || isLone
                    ? hasShortEscape ? 2 : 6
                    : Character.toString(c).getBytes(UTF_8).length;
            assertThat(row).as("U+%04X", c).isLessThanOrEqualTo(3 * event);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\b", "\\f", "\\u0001", "\\\"", "\\ud800", "a", "\u00e9", "\u2028", "\ud83d\ude00"})
    void aPeriodsNameFits(String text) {
        assertThat(periodRow(filled(PERIOD, text, "\"}"))).isLessThan(StreamsSettings.MAX_ROW_BYTES);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\\b", "\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b\\b"})
    void aPeriodsMarkersFit(String name) {
        String marker = ",{\"name\":\"" + name + "\",\"timestamp\":\"2024-07-01T00:00Z\"}";
        String event = filled(PERIOD + "P\",\"markers\":[" + marker.substring(1), marker, "]}");
        assertThat(periodRow(event)).isLessThan(StreamsSettings.MAX_ROW_BYTES);
    }

    @Test
    void anActionsFieldsFit() {
        String head = "{\"createdTime\":\"2024-07-01T00:00Z\",\"formFields\":{\"";
        assertThat(actionRow(filled(head, "\\b", "\":1}}"))).isLessThan(StreamsSettings.MAX_ROW_BYTES);
        StringBuilder tiny = new StringBuilder(head).append("\":1");
        for (int c = 0xa0; tiny.length() * 3 < EventLimits.MAX_BYTES; c++) {
            if (!Character.isSurrogate((char) (c & 0xffff))) {
                tiny.append(",\"").appendCodePoint(c & 0xffff);
                tiny.append(c > 0xffff ? "\\b" : "").append("\":1");
            }
        }
        assertThat(actionRow(tiny.append("}}").toString())).isLessThan(StreamsSettings.MAX_ROW_BYTES);
        String deep = head + "\":" + "[".repeat(900) + "1" + "]".repeat(900);
        assertThat(actionRow(filled(deep, " ", "}}"))).isLessThan(StreamsSettings.MAX_ROW_BYTES);
        String users = "{\"createdTime\":\"2024-07-01T00:00Z\",\"assignedUserNames\":[\"\"";
        assertThat(actionRow(filled(users, ",\"\"", "]}"))).isLessThan(StreamsSettings.MAX_ROW_BYTES);
    }

    /** As often as it fits into an event. */
    private static String filled(String head, String filling, String tail) {
        int room = EventLimits.MAX_BYTES - (head + tail).getBytes(UTF_8).length;
        return head + filling.repeat(room / filling.getBytes(UTF_8).length) + tail;
    }

    private static int periodRow(String event) {
        PeriodEvent parsed = parsed(PeriodEvent.parse(KEY, event.getBytes(UTF_8)));
        return PeriodRow.encode(Period.upsert(null, KEY.id(), parsed, 0, () -> 1)).length;
    }

    private static int actionRow(String event) {
        ActionEvent parsed = parsed(ActionEvent.parse(KEY, event.getBytes(UTF_8)));
        return ActionRowEncoder.encode(Long.MAX_VALUE, KEY.id(), parsed).length;
    }

    private static <E> E parsed(ParseResult<E> result) {
        assertThat(result).isInstanceOf(ParseResult.Parsed.class);
        return ((ParseResult.Parsed<E>) result).value();
    }
}
