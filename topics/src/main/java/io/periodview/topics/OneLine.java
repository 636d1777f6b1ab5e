package io.periodview.topics;

/**
 * Text from outside in a message for people: one line without control characters, at most 500 characters long, that can
 * be encoded. It goes to headers, logs and terminals.
 */
public final class OneLine {

    /** What a header should carry at most; names and tokens of an event can be as long as the event. */
    private static final int MAX_LENGTH = 500;

    private OneLine() {}

    public static String of(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), MAX_LENGTH));
        text.codePoints()
                .limit(MAX_LENGTH)
                .map(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? ' ' : c)
                .map(c -> c <= 0xFFFF && Character.isSurrogate((char) c) ? '\uFFFD' : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
