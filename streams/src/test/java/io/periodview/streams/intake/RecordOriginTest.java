package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.topics.Rejection;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordOriginTest {

    private static final RecordOrigin ORIGIN = new RecordOrigin("actions", 3, 340, 1_795_311_021_467L);
    private static final Rejection REJECTION = new Rejection(Rejection.Code.INVALID_VALUE, "createdTime is \"ä\"");

    @Test
    void whatARejectionSaysIsReadAgain() {
        Headers own = new RecordHeaders().add("trace", new byte[] {1, -1}).add("empty", null);

        DeadLetter read = RecordOrigin.ofRejected(ORIGIN.rejected(own, REJECTION));

        assertThat(read)
                .isEqualTo(new DeadLetter(ORIGIN, "invalid-value", "createdTime is \"ä\"", own, Omissions.NONE));
    }

    @Test
    void ownHeadersOfTheSameNamesAreTheEventsOwn() {
        Headers first = ORIGIN.rejected(new RecordHeaders(), REJECTION);
        RecordOrigin second = new RecordOrigin("periods", 1, 2, 3);

        DeadLetter read = Objects.requireNonNull(RecordOrigin.ofRejected(second.rejected(first, REJECTION)));

        assertThat(read.origin()).isEqualTo(second);
        assertThat(read.own().toArray()).containsExactly(first.toArray());
    }

    @Test
    void headersThatSomebodyElseWroteAreNoRejection() {
        Headers good = ORIGIN.rejected(new RecordHeaders(), REJECTION);

        assertThat(RecordOrigin.ofRejected(new RecordHeaders())).isNull();
        assertThat(RecordOrigin.ofRejected(new RecordHeaders(good).add("one more", new byte[0])))
                .isNull();
        assertThat(RecordOrigin.ofRejected(ORIGIN.rerouteHeaders(new RecordHeaders())))
                .isNull();
        for (Header left : good.toArray()) {
            assertThat(RecordOrigin.ofRejected(new RecordHeaders(good).remove(left.key())))
                    .as(left.key())
                    .isNull();
        }
        assertThat(RecordOrigin.ofRejected(
                        new RecordHeaders(good).remove("period-view.timestamp").add("period-view.timestamp", null)))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({"x,340,1", "-1,340,1", "3,-1,1", "3,9223372036854775808,1", "3,340,-2", "3,340,soon"})
    void numbersThatAreNoneAreNoRejection(String partition, String offset, String timestamp) {
        Headers headers = new RecordHeaders()
                .add("__streams.errors.exception", bytes("invalid-value"))
                .add("__streams.errors.message", bytes("m"))
                .add("__streams.errors.topic", bytes("actions"))
                .add("__streams.errors.partition", bytes(partition))
                .add("__streams.errors.offset", bytes(offset))
                .add("period-view.timestamp", bytes(timestamp));

        assertThat(RecordOrigin.ofRejected(headers)).isNull();
    }

    @Test
    void theTimeOfARecordThatCouldNotBeReadIsUnknown() {
        RecordOrigin unread = new RecordOrigin("actions", 3, 340, RecordOrigin.UNKNOWN_TIME);

        assertThat(Objects.requireNonNull(RecordOrigin.ofRejected(unread.rejected(new RecordHeaders(), REJECTION)))
                        .origin())
                .isEqualTo(unread);
        assertThat(RecordOrigin.fromRerouteHeaders(unread.rerouteHeaders(new RecordHeaders())))
                .as("it was read, or it could not be rerouted")
                .isNull();
    }

    @Test
    void whatWasSentOnComesBackAsItWas() {
        Headers own = new RecordHeaders().add("trace", new byte[] {1});

        Headers sentOn = ORIGIN.rerouteHeaders(own);

        assertThat(RecordOrigin.fromRerouteHeaders(sentOn)).isEqualTo(ORIGIN);
        assertThat(RecordOrigin.originalHeaders(sentOn)).isEqualTo(own);
        assertThat(RecordOrigin.fromRerouteHeaders(own)).isNull();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
