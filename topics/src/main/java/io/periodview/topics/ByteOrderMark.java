package io.periodview.topics;

/**
 * The bytes {@code EF BB BF} that some editors put before UTF-8. JSON must not begin with them (RFC 8259, 8.1), and as
 * they are invisible, an error that does not name them is hard to understand.
 */
public final class ByteOrderMark {

    /** For the error message. */
    public static final String NAME = "a byte order mark (BOM)";

    private static final char CHARACTER = '\uFEFF';

    private ByteOrderMark() {}

    public static boolean isAtStart(String text) {
        return !text.isEmpty() && text.charAt(0) == CHARACTER;
    }

    /** The same of a part of an array. */
    public static boolean isAtStart(byte[] utf8, int from, int to) {
        return to - from >= 3
                && utf8[from] == (byte) 0xEF
                && utf8[from + 1] == (byte) 0xBB
                && utf8[from + 2] == (byte) 0xBF;
    }
}
