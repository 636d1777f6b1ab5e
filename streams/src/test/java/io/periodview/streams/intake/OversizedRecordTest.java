package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.topics.Rejection;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OversizedRecordTest {

    private static final int MAX = 8 << 20;
    private static final RecordOrigin ORIGIN = new RecordOrigin("actions", 3, 340, 5);
    private static final byte[] KEY = bytes("7/1");

    @Test
    void upToEightMebibytesOfKeyValueAndHeadersAreKept() {
        Headers headers = new RecordHeaders().add("tr\u00e4ce", new byte[10]).add("empty", null);
        int beside = KEY.length + 6 + 10 + 5;

        assertThat(OversizedRecord.of(KEY, new byte[MAX - beside], headers)).isNull();
        assertThat(OversizedRecord.of(null, null, new RecordHeaders())).isNull();

        byte[] value = new byte[MAX - beside + 1];
        OversizedRecord kept = oversized(KEY, value, headers);
        assertThat(kept.key()).isEqualTo(KEY);
        assertThat(kept.headers()).isEqualTo(headers);
        assertThat(kept.omissions()).isEqualTo(new Omissions(null, OmittedValue.of(ByteBuffer.wrap(value)), null));
        assertThat(kept.rejection().code()).isEqualTo(Rejection.Code.TOO_LARGE);
        assertThat(kept.rejection().message())
                .isEqualTo(
                        "The record has 8388609 bytes (key 3, value 8388585, headers 21); a dead letter keeps 8388608"
                                + " (8 MiB) in at most 10000 headers, an event may have 1048576 (1 MiB)");
    }

    @Test
    void headersThatAreTooLargeWithTheKeyAreLeftOutToo() {
        Headers headers = new RecordHeaders().add("h", new byte[5 << 20]);

        OversizedRecord kept = oversized(new byte[5 << 20], bytes("{}"), headers);

        assertThat(kept.key()).hasSize(5 << 20);
        assertThat(kept.headers()).isEmpty();
        assertThat(kept.omissions().headersSize()).isEqualTo((5 << 20) + 1);
        assertThat(kept.omissions().value()).isEqualTo(OmittedValue.of(ByteBuffer.wrap(bytes("{}"))));
        assertThat(kept.omissions().key()).isNull();
    }

    @Test
    void aKeyThatAloneIsTooLargeIsLeftOutToo() {
        byte[] key = new byte[MAX + 1];

        OversizedRecord kept = oversized(key, null, new RecordHeaders());

        assertThat(kept.key()).isNull();
        assertThat(kept.omissions().key()).isEqualTo(OmittedValue.of(ByteBuffer.wrap(key)));
        assertThat(kept.omissions().value()).as("there was none").isNull();
    }

    @Test
    void headersWithoutNumberAreLeftOutAndTheValueToo() {
        Headers headers = new RecordHeaders();
        for (int i = 0; i < 10_000; i++) {
            headers.add("", null);
        }
        assertThat(OversizedRecord.of(KEY, bytes("{}"), headers)).isNull();

        OversizedRecord kept = oversized(KEY, bytes("{}"), headers.add("", null));

        assertThat(kept.headers()).isEmpty();
        assertThat(kept.omissions()).isEqualTo(new Omissions(null, OmittedValue.of(ByteBuffer.wrap(bytes("{}"))), 0L));
    }

    @Test
    void whatItsReaderHasLeftOutIsNotReadAgain() {
        OmittedValue part = new OmittedValue(600L << 20, "ab".repeat(32));
        for (Omissions omissions : new Omissions[] {
            new Omissions(null, part, null), new Omissions(part, null, 7L), new Omissions(part, part, 7L)
        }) {
            // A producer that pretends: what it sent stays its own.
            Headers own = new RecordHeaders()
                    .add("trace", new byte[] {1})
                    .add("period-view.headers-size", bytes("7"))
                    .add("period-view.key-size", bytes("9"))
                    .add("period-view.key-sha256", bytes("ab"));
            Headers read = new RecordHeaders(own);
            omissions.addTo(read);

            OversizedRecord kept = oversized(KEY, OmittedValue.PLACEHOLDER, read);

            assertThat(kept.headers()).isEqualTo(own);
            assertThat(kept.omissions()).isEqualTo(omissions);
            assertThat(kept.rejection().message()).contains("629145600");
            assertThat(OversizedRecord.of(KEY, new byte[0], read))
                    .as("an empty value")
                    .isNull();
        }
    }

    @Test
    void aRecordOfMoreWrittenBytesIsOversizedWhateverTheyAre() {
        int lengths = 5 + 5 + 5 + 5 + 10 + OversizedRecord.MAX_HEADERS * (5 + 5);

        assertThat(OversizedRecord.MAX_WRITTEN_BYTES - lengths).isGreaterThan(OmittedValue.MAX_RECORD_BYTES);
    }

    @Test
    void whatIsLeftOutIsReadAgainFromTheDeadLetter() {
        OmittedValue part = new OmittedValue(9_000_000, "cd".repeat(32));
        Rejection rejection = new Rejection(Rejection.Code.TOO_LARGE, "m");
        for (Omissions omissions : new Omissions[] {
            new Omissions(null, part, null),
            new Omissions(part, part, 7L),
            new Omissions(null, null, 7L),
            new Omissions(part, null, null),
            Omissions.NONE
        }) {
            // A producer that pretends: what it sent stays its own.
            Headers own = ORIGIN.rejected(new RecordHeaders(), rejection, new Omissions(part, part, 1L));

            Headers letter = ORIGIN.rejected(own, rejection, omissions);

            assertThat(RecordOrigin.ofRejected(letter))
                    .isEqualTo(new DeadLetter(ORIGIN, "too-large", "m", own, omissions));
        }
    }

    @Test
    void theHeadersStandBehindThoseOfARejection() {
        OmittedValue part = new OmittedValue(9, "e".repeat(64));

        Headers letter = ORIGIN.rejected(
                new RecordHeaders().add("own", null),
                new Rejection(Rejection.Code.TOO_LARGE, "m"),
                new Omissions(part, part, 7L));

        assertThat(letter)
                .extracting(header -> header.key())
                .containsExactly(
                        "own",
                        "__streams.errors.exception",
                        "__streams.errors.message",
                        "__streams.errors.topic",
                        "__streams.errors.partition",
                        "__streams.errors.offset",
                        "period-view.timestamp",
                        "period-view.headers-size",
                        "period-view.key-size",
                        "period-view.key-sha256",
                        "period-view.value-size",
                        "period-view.value-sha256");
    }

    private static OversizedRecord oversized(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return Objects.requireNonNull(OversizedRecord.of(key, value, headers));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
