package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Property;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times, against java.time. */
public final class IsoTimeFuzz {

    private static final Pattern TIME = Pattern.compile("(\\d{4})-(\\d{2})-(\\d{2})[Tt](\\d{2}):(\\d{2})"
            + "(?::(\\d{2})(?:[.,](\\d+))?)?(?:[Zz]|([+-])(\\d{2})(?::?(\\d{2}))?)");
    private static final DateTimeFormatter SERVED =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private IsoTimeFuzz() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        String text = new String(bytes, UTF_8);
        OptionalLong time = IsoTime.parse(text);
        OptionalLong expected = model(text);
        Property.equal(expected, time, "The time " + text);
        byte[] inside = ("\"" + text + "\"").getBytes(UTF_8);
        long part = IsoTime.parse(inside, 1, inside.length - 1);
        Property.equal(time.orElse(IsoTime.NONE), part, "The time in the middle of " + text);
        if (time.isPresent()) {
            String served = SERVED.format(Instant.ofEpochMilli(part));
            Property.equal(served, IsoTime.format(part), "The served form");
            Property.equal(
                    text.equals(served), IsoTime.isServed(inside, 1, inside.length - 1), "Whether it is served so");
        }
        // Any number of milliseconds is served so that it is read as itself.
        long any = Math.floorMod(text.hashCode() * 0x9E37_79B9_7F4A_7C15L, IsoTime.MAX - IsoTime.MIN + 1) + IsoTime.MIN;
        String served = IsoTime.format(any);
        Property.equal(SERVED.format(Instant.ofEpochMilli(any)), served, "The served form of " + any);
        Property.equal(OptionalLong.of(any), IsoTime.parse(served), "What is read of it");
    }

    private static OptionalLong model(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        try {
            String fraction = parts.group(7) == null ? "" : parts.group(7);
            LocalDateTime local = LocalDateTime.of(
                    number(parts, 1),
                    number(parts, 2),
                    number(parts, 3),
                    number(parts, 4),
                    number(parts, 5),
                    number(parts, 6),
                    Integer.parseInt((fraction + "000").substring(0, 3)) * 1_000_000);
            int hours = number(parts, 9);
            int minutes = number(parts, 10);
            if (hours > 23 || minutes > 59) {
                return OptionalLong.empty();
            }
            Duration offset = Duration.ofHours(hours).plusMinutes(minutes);
            Instant utc = local.toInstant(ZoneOffset.UTC).minus("-".equals(parts.group(8)) ? offset.negated() : offset);
            long time = utc.toEpochMilli();
            return time < IsoTime.MIN || time > IsoTime.MAX ? OptionalLong.empty() : OptionalLong.of(time);
        } catch (DateTimeException e) {
            return OptionalLong.empty();
        }
    }

    private static int number(Matcher parts, int group) {
        return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
    }
}
