package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Property;
import io.periodview.fuzz.Served;
import io.periodview.streams.query.ReadOptions;
import io.periodview.topics.RecordOffset;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Headers of a request, a line each: {@code name:value}. */
public final class RequestHeadersFuzz {

    private static final int PARTITION = 3;
    private static final Set<String> TOPICS = Set.of("actions", "periods", "period-view-rerouted");

    private RequestHeadersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines = Arrays.asList(new String(input, ISO_8859_1).split("\n", -1));
        options(lines);
        token(all(lines, "authorization"));
        boolean gzip = AcceptEncoding.isGzipWanted(headers(lines, "accept-encoding"));
        Property.holds(
                !gzip || all(lines, "accept-encoding").stream().anyMatch(RequestHeadersFuzz::namesGzip),
                "gzip for who has not asked for it");
    }

    private static boolean namesGzip(String header) {
        String lower = header.toLowerCase(Locale.ROOT);
        return lower.contains("gzip") || lower.contains("*");
    }

    private static void options(List<String> lines) {
        ReadOptions options;
        try {
            options = ReadOptionsParser.parse(name -> headers(lines, name.toLowerCase(Locale.ROOT)), PARTITION, TOPICS);
        } catch (ApiError e) {
            Property.equal(400, e.status(), "The status");
            isMessage(e);
            return;
        }
        Property.holds(
                !options.timeout().isNegative() && options.timeout().compareTo(Duration.ofSeconds(30)) <= 0,
                "The wait is " + options.timeout());
        Property.holds(TOPICS.containsAll(options.atLeast().keySet()), "Positions of " + options.atLeast());
        List<String> wanted = new ArrayList<>();
        for (String header : all(lines, "view-at-least")) {
            wanted.addAll(Arrays.asList(header.split(",", -1)));
        }
        for (String entry : wanted) {
            RecordOffset offset = Property.found(RecordOffset.parse(entry.strip()), "The position in " + entry);
            Long reached = options.atLeast().get(offset.topic());
            Property.holds(
                    offset.partition() != PARTITION || reached == null || reached >= offset.offset(),
                    "A position was lost: " + entry);
        }
        Property.equal(!wanted.isEmpty(), !options.atLeast().isEmpty(), "Whether a position is waited for");
        Property.equal(
                all(lines, "if-none-match").stream()
                        .anyMatch(each -> each.strip().equals("*")),
                options.isAnyKnown(),
                "Whether any version will do");
        Property.equal(!all(lines, "view-source").isEmpty(), options.isOwnerRequired(), "Whether it is the owner's");
    }

    private static void token(List<String> given) {
        boolean isBearer =
                given.size() == 1 && given.get(0).toLowerCase(Locale.ROOT).startsWith("bearer ");
        try {
            String token = BearerToken.of(given.isEmpty() ? null : Collections.enumeration(given));
            Property.holds(isBearer, "No bearer token: " + given);
            Property.equal(given.get(0).substring("bearer ".length()).strip(), token, "The token");
        } catch (ApiError e) {
            Property.holds(!isBearer, "A bearer token: " + given);
            Property.equal(401, e.status(), "The status");
            isMessage(e);
        }
    }

    private static void isMessage(ApiError e) {
        String message = String.valueOf(e.getMessage());
        Map<?, ?> body = Served.object(e.body().getBytes(UTF_8));
        Property.equal(message, body.get("message"), "The message");
        Property.holds(message.chars().noneMatch(Character::isISOControl), "Not one line: " + message);
    }

    private static @Nullable Enumeration<String> headers(List<String> lines, String name) {
        List<String> values = all(lines, name);
        return values.isEmpty() ? null : Collections.enumeration(values);
    }

    private static List<String> all(List<String> lines, String name) {
        String prefix = name + ":";
        return lines.stream()
                .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(line -> line.substring(prefix.length()))
                .toList();
    }
}
