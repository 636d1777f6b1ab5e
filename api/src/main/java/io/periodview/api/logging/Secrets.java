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
        return SECRET.matcher(line).replaceAll(MASK);
    }
}
