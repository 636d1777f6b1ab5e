package io.periodview.cli.terminal;

import io.periodview.topics.IsoTime;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.TypeConversionException;

/** Parses a point in time: ISO 8601 with an offset, or relative to now: {@code 12h}, {@code 90d}. */
public final class TimeArgument {

    private static final Pattern FROM_NOW = Pattern.compile("(\\d{1,6})([mhdw])");

    private TimeArgument() {}

    /** @throws TypeConversionException if the text is neither */
    public static Instant after(Instant now, String text) {
        return of(now, text, 1);
    }

    /** @throws TypeConversionException if the text is neither */
    public static Instant before(Instant now, String text) {
        return of(now, text, -1);
    }

    private static Instant of(Instant now, String text, int direction) {
        Matcher fromNow = FROM_NOW.matcher(text);
        if (fromNow.matches()) {
            long count = direction * Long.parseLong(fromNow.group(1));
            return now.plus(
                    switch (fromNow.group(2)) {
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        case "d" -> Duration.ofDays(count);
                        default -> Duration.ofDays(count * 7);
                    });
        }
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is neither a time with an offset (2027-01-01T00:00:00Z) nor a number of minutes, hours, days or weeks (30m, 12h, 90d, 4w)");
        }
        return Instant.ofEpochMilli(time.getAsLong());
    }
}
