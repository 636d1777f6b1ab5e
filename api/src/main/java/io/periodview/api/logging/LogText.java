package io.periodview.api.logging;

import java.util.function.IntPredicate;

/**
 * Text from outside in a line of the log: one line, at most 200 characters of it, and nothing in it that a terminal or a
 * viewer of logs would act on. What cannot be seen stands as {@code \}{@code u202e}.
 */
public final class LogText {

    static final int MAX_LENGTH = 200;

    private LogText() {}

    /** Escaped and shortened, with an ellipsis if that is not all of it. */
    public static String of(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            int before = line.length();
            append(line, c);
            if (line.length() > MAX_LENGTH) {
                line.setLength(Math.min(before, MAX_LENGTH - 1));
                return line.append('…').toString();
            }
            i += Character.charCount(c);
        }
        return line.toString();
    }

    /** The whole text, escaped. */
    static String escaped(String text) {
        return escaped(text, LogText::isVisible);
    }

    /** The same, but for the ends of lines and tabs, which stack traces have. */
    static String escapedLines(String text) {
        return escaped(text, c -> c == '\n' || c == '\t' || isVisible(c));
    }

    private static String escaped(String text, IntPredicate stays) {
        if (text.codePoints().allMatch(stays)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            if (stays.test(c)) {
                line.appendCodePoint(c);
            } else {
                append(line, c);
            }
        });
        return line.toString();
    }

    private static void append(StringBuilder line, int c) {
        if (isVisible(c)) {
            line.appendCodePoint(c);
        } else {
            for (char each : Character.toChars(c)) {
                line.append(String.format("\\u%04x", (int) each));
            }
        }
    }

    /** Formats include what changes the direction of writing. */
    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
