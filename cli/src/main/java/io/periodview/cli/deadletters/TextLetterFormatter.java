package io.periodview.cli.deadletters;

import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.IsoTime;
import io.periodview.topics.RecordOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * For people; safe to print on a terminal.
 *
 * @param whole whether keys, values and headers are shown in full, however long they are
 */
record TextLetterFormatter(boolean whole) implements LetterFormatter {

    private static final int MAX_CHARACTERS = 240;

    @Override
    public String format(DeadLetterRecord letter) {
        StringBuilder out = new StringBuilder();
        DeadLetter rejection = letter.rejection();
        RecordOffset origin = letter.origin();
        out.append(letter.place());
        if (rejection == null || origin == null) {
            out.append("  written ").append(time(letter.timestamp())).append("  not by the service");
        } else {
            out.append("  rejected ").append(time(letter.timestamp()));
            out.append("  ").append(TerminalEscaper.all(rejection.code()));
            out.append("\n    ").append(TerminalEscaper.all(rejection.message()));
            out.append("\n    from     ").append(TerminalEscaper.all(origin.toString()));
            out.append(letter.topic() == null ? " (no topic of this service)" : "");
            long own = rejection.origin().timestamp();
            out.append("  ").append(own == RecordOrigin.UNKNOWN_TIME ? "(time unknown)" : time(own));
        }
        out.append("\n    key      ").append(key(letter));
        out.append("\n    value    ").append(value(letter));
        Long headersSize = letter.omissions().headersSize();
        if (headersSize != null) {
            out.append("\n    headers  ").append(String.format(Locale.ROOT, "(left out: %,d bytes)", headersSize));
        } else if (letter.headers().iterator().hasNext()) {
            out.append("\n    headers  ").append(headers(letter.headers()));
        }
        return out.append('\n').toString();
    }

    private String key(DeadLetterRecord letter) {
        OmittedValue left = letter.omissions().key();
        if (left != null) {
            return leftOut(left);
        }
        if (letter.key() != null) {
            return bytes(letter.key());
        }
        return letter.isSkipped() ? "(none, or unknown)" : "(none)";
    }

    private String value(DeadLetterRecord letter) {
        OmittedValue left = letter.omissions().value();
        if (left != null) {
            return leftOut(left);
        }
        if (letter.value() != null) {
            return bytes(letter.value());
        }
        return letter.isSkipped() ? "(unknown: it was skipped)" : "(none: a deletion)";
    }

    private static String leftOut(OmittedValue part) {
        return String.format(
                Locale.ROOT, "(left out: %,d bytes, SHA-256 %s)", part.size(), TerminalEscaper.all(part.sha256()));
    }

    /** A key in a line with others. */
    static String key(byte @Nullable [] key) {
        return key == null ? "(no key)" : TerminalEscaper.start(key, 40);
    }

    /** A timestamp can be any number. */
    static String time(long millis) {
        return millis >= IsoTime.MIN && millis <= IsoTime.MAX ? IsoTime.format(millis) : Long.toString(millis);
    }

    private String headers(Headers headers) {
        List<String> rendered = new ArrayList<>();
        for (Header header : headers) {
            byte[] value = header.value();
            rendered.add(TerminalEscaper.all(header.key()) + "=" + (value == null ? "(none)" : bytes(value)));
        }
        return String.join(", ", rendered);
    }

    private String bytes(byte[] bytes) {
        if (bytes.length == 0) {
            return "(empty)";
        }
        return whole ? TerminalEscaper.all(bytes) : TerminalEscaper.start(bytes, MAX_CHARACTERS);
    }
}
