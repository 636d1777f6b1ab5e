package io.periodview.api.logging;

import java.util.regex.Pattern;

/**
 * Keeps API keys out of the log, whoever logs them and at whatever level: an HTTP server shows the headers of its requests
 * at DEBUG.
 */
final class Secrets {

    /** Keys as they are made, and whatever else is sent as one. A key may be cut where a library shortens what it shows. */
    private static final Pattern SECRET = Pattern.compile(
            "pv_[A-Za-z0-9_-]+|(?<=\\bBearer)(\\s|\\\\[rnt]|%20)+[A-Za-z0-9._~+/=-]+|(?<=\\bAuthorization)([\"']?[:=]\\s*)(?!Bearer)[^\\s\"',}\\]\\\\]+"
                    + "( [^\\s\"',}\\]\\\\]+)?",
            Pattern.CASE_INSENSITIVE);

    private static final String MASK = " ***";

    private Secrets() {}

    static String masked(String line) {
        return mayHaveOne(line) ? SECRET.matcher(line).replaceAll(MASK) : line;
    }

    /** Whether it has a word that comes before a secret. Each request writes a line, and nearly none has one. */
    private static boolean mayHaveOne(String line) {
        for (int i = 0; i < line.length(); i++) {
            String word = switch (line.charAt(i)) {
                case 'p', 'P' -> "pv_";
                case 'b', 'B' -> "bearer";
                case 'a', 'A' -> "authorization";
                default -> null;
            };
            if (word != null && line.regionMatches(true, i, word, 0, word.length())) {
                return true;
            }
        }
        return false;
    }
}
