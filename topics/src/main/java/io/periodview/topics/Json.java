package io.periodview.topics;

/** JSON text for messages and rendered rows. */
public final class Json {

    private static final int LONGEST_QUOTE = 80;
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private Json() {}

    /**
     * The text as a JSON string with its quotes. Lone surrogates, which JSON can say and UTF-8 cannot, stay escapes,
     * so the result always encodes to valid UTF-8.
     */
    public static String quote(String text) {
        int length = text.length();
        if (isPlain(text)) {
            return '"' + text + '"';
        }
        StringBuilder out = new StringBuilder(length + 2).append('"');
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (Character.isHighSurrogate(c)
                            && i + 1 < length
                            && Character.isLowSurrogate(text.charAt(i + 1))) {
                        out.append(c).append(text.charAt(++i));
                    } else if (c < ' ' || Character.isSurrogate(c)) {
                        out.append("\\u")
                                .append(HEX[c >> 12])
                                .append(HEX[c >> 8 & 15])
                                .append(HEX[c >> 4 & 15])
                                .append(HEX[c & 15]);
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        return out.append('"').toString();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    /** At most 80 characters of the text, with an ellipsis if that is not all of it. */
    public static String shorten(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
