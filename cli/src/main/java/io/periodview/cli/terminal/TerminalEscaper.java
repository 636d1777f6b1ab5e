package io.periodview.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Untrusted bytes as one line of text that is safe on a terminal: bytes that are not UTF-8, and control or invisible
 * characters, byte by byte as {@code \x1b} (not an escape of JSON, so unambiguous); line feed, carriage return and tab as
 * {@code \n}, {@code \r} and {@code \t}.
 */
public final class TerminalEscaper {

    private static final HexFormat HEX = HexFormat.of().withPrefix("\\x");

    private TerminalEscaper() {}

    public static String all(byte[] bytes) {
        return text(bytes, bytes.length);
    }

    public static String all(String text) {
        return all(text.getBytes(UTF_8));
    }

    /** The first bytes of it, and how many there are if that is not all. */
    public static String start(byte[] bytes, int max) {
        if (bytes.length <= max) {
            return all(bytes);
        }
        int end = max;
        while (end > max - 3 && (bytes[end] & 0xc0) == 0x80) {
            end--; // not into the middle of a character
        }
        return text(bytes, end) + String.format(Locale.ROOT, "… (%,d bytes)", bytes.length);
    }

    private static String text(byte[] bytes, int end) {
        CharsetDecoder decoder = UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, end);
        CharBuffer decoded = CharBuffer.allocate(end);
        StringBuilder out = new StringBuilder(end);
        while (true) {
            CoderResult result = decoder.decode(in, decoded, true);
            decoded.flip().codePoints().forEach(c -> append(out, c));
            decoded.clear();
            if (!result.isError()) {
                return out.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.append(HEX.formatHex(new byte[] {in.get()}));
            }
        }
    }

    private static void append(StringBuilder out, int character) {
        switch (character) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (isVisible(character)) {
                    out.appendCodePoint(character);
                } else {
                    out.append(HEX.formatHex(Character.toString(character).getBytes(UTF_8)));
                }
            }
        }
    }

    /** Formats include what changes the direction of writing. */
    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
