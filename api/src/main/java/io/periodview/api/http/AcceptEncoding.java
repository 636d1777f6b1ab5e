package io.periodview.api.http;

import java.util.Collections;
import java.util.Enumeration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which content encoding a reader asks for (RFC 9110, 12.5.3). */
final class AcceptEncoding {

    private AcceptEncoding() {}

    /**
     * Whether the reader takes gzip, and takes it no less than the plain answer.
     *
     * @param headers all the request's {@code Accept-Encoding} headers, which count as one list; null if there are none
     */
    static boolean isGzipWanted(@Nullable Enumeration<String> headers) {
        if (headers == null || !headers.hasMoreElements()) {
            return false;
        }
        String acceptEncoding = String.join(",", Collections.list(headers));
        double gzip = -1;
        double identity = -1;
        double others = -1;
        for (String item : acceptEncoding.toLowerCase(Locale.ROOT).split(",")) {
            String[] parts = item.split(";", -1); // the first is there, be it empty
            double quality = quality(parts);
            switch (parts[0].strip()) {
                case "gzip", "x-gzip" -> gzip = Math.max(gzip, quality);
                case "identity" -> identity = quality;
                case "*" -> others = quality;
                default -> {}
            }
        }
        double wanted = gzip < 0 ? others : gzip;
        return wanted > 0 && wanted >= identity;
    }

    private static double quality(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
