package io.periodview.cli.terminal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a record is, as people read and write it: {@code actions-3@125}.
 *
 * @param topic without its prefix, if it is one of ours
 */
public record Place(String topic, int partition, long offset) {

    private static final Pattern FORMAT = Pattern.compile("(.+)-(\\d{1,9})@(\\d{1,18})");

    /** The place that this text names, or null if it names none. */
    public static @Nullable Place parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        return matcher.matches()
                ? new Place(matcher.group(1), Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3)))
                : null;
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
