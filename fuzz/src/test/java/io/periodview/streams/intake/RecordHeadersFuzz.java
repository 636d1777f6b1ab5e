package io.periodview.streams.intake;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Inputs;
import io.periodview.fuzz.Property;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.Rejection;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** Headers of events, forged ones too: a line with the origin {@code actions-3@125}, then a header a line. */
public final class RecordHeadersFuzz {

    private RecordHeadersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<byte[]> lines = Inputs.lines(input);
        String first = new String(lines.get(0), UTF_8);
        RecordOffset place = RecordOffset.parse(first);
        RecordOrigin origin = place == null
                ? new RecordOrigin("actions", 3, input.length, first.hashCode() & 0x7FFF_FFFFL)
                : new RecordOrigin(place.topic(), place.partition(), place.offset(), place.offset());
        Headers own = Inputs.headers(lines.subList(1, lines.size()));
        List<Header> before = List.of(own.toArray());

        Headers rerouted = origin.rerouteHeaders(own);
        Property.equal(origin, RecordOrigin.fromRerouteHeaders(rerouted), "The origin");
        areEqual(own, RecordOrigin.originalHeaders(rerouted));

        // The event is judged where it was sent to, and it is its first place that counts.
        Rejection rejection = new Rejection(
                Rejection.Code.values()[Math.floorMod(first.hashCode(), Rejection.Code.values().length)],
                "What " + first);
        DeadLetter letter = Objects.requireNonNull(RecordOrigin.ofRejected(origin.rejected(own, rejection)));
        Property.equal(origin, letter.origin(), "The dead letter's origin");
        Property.equal(rejection.code().toString(), letter.code(), "The code");
        Property.equal(rejection.message(), letter.message(), "The message");
        areEqual(own, letter.own());
        Property.equal(before, List.of(own.toArray()), "What was given");

        omitted(own, lines.get(0), origin, rejection);
        forged(own);
    }

    private static void omitted(Headers own, byte[] part, RecordOrigin origin, Rejection rejection) {
        OmittedValue left = OmittedValue.of(ByteBuffer.wrap(part));
        for (Omissions omissions : List.of(
                new Omissions(null, left, null),
                new Omissions(null, left, (long) part.length),
                new Omissions(left, left, (long) part.length))) {
            DeadLetter letter =
                    Objects.requireNonNull(RecordOrigin.ofRejected(origin.rejected(own, rejection, omissions)));
            Property.equal(omissions, letter.omissions(), "What is left out");
            Property.equal(origin, letter.origin(), "The origin of a letter with parts left out");
            areEqual(own, letter.own());
        }
    }

    /** What a producer made to look like ours must not stop anybody. */
    private static void forged(Headers own) {
        int count = own.toArray().length;
        RecordOrigin reroute = RecordOrigin.fromRerouteHeaders(own);
        if (reroute != null) {
            isPossible(reroute);
            Property.equal(count - 4, RecordOrigin.originalHeaders(own).toArray().length, "How many are its own");
        }
        DeadLetter letter = RecordOrigin.ofRejected(own);
        if (letter != null) {
            isPossible(letter.origin());
            Property.equal(
                    count - 6 - letter.omissions().count(),
                    letter.own().toArray().length,
                    "How many are the event's own");
        }
    }

    private static void isPossible(@Nullable RecordOrigin origin) {
        Property.holds(
                origin != null
                        && origin.partition() >= 0
                        && origin.offset() >= 0
                        && origin.timestamp() >= RecordOrigin.UNKNOWN_TIME,
                "No record has been at " + origin);
    }

    private static void areEqual(Headers expected, Headers actual) {
        Header[] wanted = expected.toArray();
        Header[] found = actual.toArray();
        Property.equal(wanted.length, found.length, "The number of headers");
        for (int i = 0; i < wanted.length; i++) {
            Property.equal(wanted[i].key(), found[i].key(), "The header's name");
            Property.holds(Arrays.equals(wanted[i].value(), found[i].value()), "The header " + wanted[i].key());
        }
    }
}
