package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Property;
import io.periodview.fuzz.StrictJson;
import io.periodview.topics.IsoTime;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Queries and path ids, as they stand in a request's target. */
public final class QueryParametersFuzz {

    private QueryParametersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        String target = new String(input, ISO_8859_1);
        id(target);
        QueryParameters parameters = new QueryParameters(target);
        List<@Nullable String> dates = values(target, "start_date");
        List<@Nullable String> fields = values(target, "form_fields");
        Object date = outcome(() -> parameters.date("start_date"));
        Property.equal(dates.isEmpty() ? null : dates.size() > 1 ? 400 : date(dates.get(0)), date, "start_date");
        Object formFields = outcome(parameters::formFields);
        Property.equal(
                fields.isEmpty() ? null : fields.size() > 1 ? 400 : names(fields.get(0)), formFields, "form_fields");
    }

    private static void id(String text) throws Exception {
        boolean isId = text.matches("0|-?[1-9][0-9]*") && new BigInteger(text).bitLength() <= 63;
        Property.equal(isId ? Long.valueOf(text) : (Object) 400, outcome(() -> PathIds.period(text)), "period_id");
    }

    /** What it is, or the status of the error. */
    private static @Nullable Object outcome(Callable<?> read) throws Exception {
        try {
            return read.call();
        } catch (ApiError e) {
            Property.isOneLine(String.valueOf(e.getMessage()));
            return e.status();
        }
    }

    private static Object date(@Nullable String decoded) {
        OptionalLong time = decoded == null ? OptionalLong.empty() : IsoTime.parse(decoded.replace(' ', '+'));
        return time.isPresent() ? time.getAsLong() : (Object) 400;
    }

    private static Object names(@Nullable String decoded) {
        Object array = decoded == null ? null : StrictJson.parse(decoded.getBytes(UTF_8));
        return array instanceof List<?> names
                        && names.stream()
                                .allMatch(name ->
                                        name instanceof String text && text.codePointCount(0, text.length()) <= 200)
                        && names.stream().distinct().count() <= 100
                ? names
                : 400;
    }

    /** Of each parameter of the name; null for one that cannot be decoded. */
    private static List<@Nullable String> values(String query, String name) {
        List<@Nullable String> values = new ArrayList<>();
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (name.equals(decoded(equals < 0 ? pair : pair.substring(0, equals)))) {
                values.add(equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private static @Nullable String decoded(String encoded) {
        if (!encoded.matches("(?s)(?:[^%]|%[0-9a-fA-F]{2})*+")) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '%') {
                bytes.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.writeBytes(String.valueOf(c == '+' ? ' ' : c).getBytes(UTF_8));
            }
        }
        return StrictJson.text(bytes.toByteArray());
    }
}
