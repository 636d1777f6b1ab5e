package io.periodview.api.http;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request prefers (RFC 7240). */
final class Preferences {

    /** Up to the next comma outside of quotation marks: a preference with its parameters. */
    private static final Pattern PREFERENCE = Pattern.compile("(?:\"(?:[^\"\\\\]|\\\\.)*+\"|[^,\"]|\")++");

    private static final Pattern WAIT = Pattern.compile("\\s*+wait\\s*+=\\s*+\"?(\\d{1,9})\"?\\s*+(?:;.*)?");

    private Preferences() {}

    /**
     * The seconds of {@code wait}. Of several the first one counts, and one that is no number is as if it were not
     * there. A parameter of another preference that is called so is none.
     */
    static OptionalInt waitSeconds(List<String> headers) {
        for (String header : headers) {
            Matcher preference = PREFERENCE.matcher(header.toLowerCase(Locale.ROOT));
            while (preference.find()) {
                Matcher wait = WAIT.matcher(preference.group());
                if (wait.matches()) {
                    return OptionalInt.of(Integer.parseInt(wait.group(1)));
                }
            }
        }
        return OptionalInt.empty();
    }
}
