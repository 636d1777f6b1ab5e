package io.periodview.fuzz;

import io.periodview.topics.Rejection;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a target says when something does not hold; plain, as it is asked some ten thousand times a second. */
public final class Property {

    /** Characters that a message for people has at most. */
    private static final int MAX_MESSAGE = 500;

    private Property() {}

    public static void holds(boolean property, String message) {
        if (!property) {
            throw new AssertionError(message);
        }
    }

    /** What must be there. */
    public static <T> T found(@Nullable T value, String what) {
        if (value == null) {
            throw new AssertionError(what + " is not there");
        }
        return value;
    }

    public static void equal(@Nullable Object expected, @Nullable Object actual, String what) {
        if (!Objects.equals(expected, actual)) {
            throw new AssertionError(what + " is " + actual + ", not " + expected);
        }
    }

    public static void equal(byte @Nullable [] expected, byte @Nullable [] actual, String what) {
        if (!Arrays.equals(expected, actual)) {
            throw new AssertionError(what + " is " + Arrays.toString(actual) + ", not " + Arrays.toString(expected));
        }
    }

    /** Of a sentence that goes to a header, a log or a terminal. */
    public static void isOneLine(String message) {
        holds(!message.isBlank(), "The message is blank");
        holds(message.codePointCount(0, message.length()) <= MAX_MESSAGE, "The message is long: " + message);
        holds(
                message.codePoints().noneMatch(c -> Character.isISOControl(c) || c == '\u2028' || c == '\u2029'),
                "The message is not one line: " + message);
        holds(
                message.codePoints().noneMatch(c -> c <= 0xFFFF && Character.isSurrogate((char) c)),
                "The message cannot be UTF-8: " + message);
    }

    public static void isOneLine(Rejection rejection) {
        isOneLine(rejection.message());
    }
}
