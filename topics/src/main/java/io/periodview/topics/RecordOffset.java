package io.periodview.topics;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a record is, as people and programs read and write it: {@code actions-3@125}.
 *
 * @param topic without its prefix, if it is one of ours
 */
public record RecordOffset(String topic, int partition, long offset) {

    /** A topic's name may itself contain what looks like a partition; the last one counts. */
    private static final Pattern FORMAT = Pattern.compile("([a-zA-Z0-9._-]+)-(0|[1-9]\\d{0,8})@(0|[1-9]\\d{0,17})");

    /** Parses {@code topic-partition@offset}; null if the text is anything else. Never throws. */
    public static @Nullable RecordOffset parse(String text) {
        Matcher matcher = FORMAT.matcher(text);
        return matcher.matches()
                ? new RecordOffset(
                        matcher.group(1), Integer.parseInt(matcher.group(2)), Long.parseLong(matcher.group(3)))
                : null;
    }

    /** {@code topic-partition@offset}. */
    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
