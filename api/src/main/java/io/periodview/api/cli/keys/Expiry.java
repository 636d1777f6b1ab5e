package io.periodview.api.cli.keys;

import io.periodview.topics.IsoTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A moment to come: {@code 2027-01-01T00:00:00Z}, or a number of hours, days or weeks from now: {@code 90d}. */
final class Expiry implements ITypeConverter<Instant> {

    private static final Pattern FROM_NOW = Pattern.compile("(\\d{1,6})([hdw])");

    @Override
    public Instant convert(String text) {
        Instant now = Instant.now();
        Instant expiry = parse(text, now);
        if (!expiry.isAfter(now)) {
            throw new TypeConversionException("'" + text + "' has passed already");
        }
        return expiry.truncatedTo(ChronoUnit.MILLIS);
    }

    private static Instant parse(String text, Instant now) {
        Matcher fromNow = FROM_NOW.matcher(text);
        if (fromNow.matches()) {
            long count = Long.parseLong(fromNow.group(1));
            return switch (fromNow.group(2)) {
                case "h" -> now.plus(count, ChronoUnit.HOURS);
                case "d" -> now.plus(count, ChronoUnit.DAYS);
                default -> now.plus(count * 7, ChronoUnit.DAYS);
            };
        }
        OptionalLong time = IsoTime.parse(text);
        if (time.isEmpty()) {
            throw new TypeConversionException(
                    "'" + text
                            + "' is neither a time with an offset (2027-01-01T00:00:00Z) nor a number of hours, days or weeks (12h, 90d, 4w)");
        }
        return Instant.ofEpochMilli(time.getAsLong());
    }
}
