package io.periodview.api.http;

import io.periodview.streams.query.ReadOptions;
import io.periodview.topics.TopicNames;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of the answer it wants, in its headers. Immutable.
 *
 * @param ownerOnly rather no answer than a standby's
 * @param atLeast last offset by topic, of the team's partition, that must be in the answer
 * @param patience with these offsets
 * @param known versions of which the reader has the answer
 * @param anyKnown the reader has an answer and wants none, whatever its version
 */
record ReadOptionsParser(
        boolean ownerOnly, Map<String, Long> atLeast, Duration patience, Set<String> known, boolean anyKnown) {

    static final String AT_LEAST = "View-At-Least";
    static final String SOURCE = "View-Source";
    static final String PREFER = "Prefer";
    static final String IF_NONE_MATCH = "If-None-Match";

    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);
    private static final long MAX_WAIT_SECONDS = 30;

    private static final Pattern ENTRY = Pattern.compile("([a-zA-Z0-9._-]+)-(\\d{1,9})@(\\d{1,18})");
    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*\"?(\\d{1,9})\"?");
    private static final Pattern TAG = Pattern.compile("(?:W/)?\"([^\"]*)\"");

    /**
     * @param headers all of the request's with a name; null or empty if there are none
     * @param partition of the team
     * @param topics of which an owner knows its position
     * @throws ApiError if what it says makes no sense
     */
    static ReadOptionsParser of(Function<String, @Nullable Enumeration<String>> headers, int partition, Set<String> topics) {
        Set<String> known = new HashSet<>();
        boolean any = false;
        for (String header : all(headers, IF_NONE_MATCH)) {
            any |= header.strip().equals("*");
            Matcher tags = TAG.matcher(header);
            while (tags.find()) {
                known.add(tags.group(1));
            }
        }
        return new ReadOptionsParser(
                ownerOnly(all(headers, SOURCE)),
                positions(all(headers, AT_LEAST), partition, topics),
                patience(all(headers, PREFER)),
                known,
                any);
    }

    /** @param left of the patience with the offsets */
    ReadOptions conditions(Duration left) {
        return new ReadOptions(atLeast, left, known);
    }

    /** Only an owner knows how far it is. */
    boolean isForOwner() {
        return ownerOnly || !atLeast.isEmpty();
    }

    private static boolean ownerOnly(List<String> given) {
        if (given.isEmpty()) {
            return false;
        }
        if (given.size() > 1 || !given.get(0).strip().equals("owner")) {
            throw ApiError.badRequest("Invalid View-Source. It can only be owner.");
        }
        return true;
    }

    private static Map<String, Long> positions(List<String> headers, int partition, Set<String> topics) {
        Map<String, Long> positions = new HashMap<>();
        for (String header : headers) {
            for (String entry : header.split(",", -1)) {
                Matcher matcher = ENTRY.matcher(entry.strip());
                if (!matcher.matches()) {
                    throw invalid(partition);
                }
                String topic = matcher.group(1);
                if (!matcher.group(2).equals(Integer.toString(partition))) {
                    continue;
                }
                if (topics.contains(topic)) {
                    positions.merge(topic, Long.parseLong(matcher.group(3)), Math::max);
                } else if (!TopicNames.isRerouted(topic)) { // else it is of an application that was here before
                    throw ApiError.badRequest("Invalid View-At-Least. There is no topic " + topic + " here, but "
                            + String.join(", ", new TreeSet<>(topics)) + ".");
                }
            }
        }
        if (!headers.isEmpty() && positions.isEmpty()) {
            throw invalid(partition);
        }
        return positions;
    }

    private static ApiError invalid(int partition) {
        return ApiError.badRequest("Invalid View-At-Least. Your team's events are in partition " + partition
                + ": it must be topic-partition@offset with that partition, such as actions-" + partition
                + "@123; several are separated by commas.");
    }

    /** The largest {@code wait} counts, as only one makes sense; what is no number is ignored, as RFC 7240 wants it. */
    private static Duration patience(List<String> headers) {
        long seconds = -1;
        for (String header : headers) {
            for (String preference : header.toLowerCase(Locale.ROOT).split("[,;]", -1)) {
                Matcher wait = WAIT.matcher(preference.strip());
                if (wait.matches()) {
                    seconds = Math.max(seconds, Long.parseLong(wait.group(1)));
                }
            }
        }
        return seconds < 0 ? DEFAULT_WAIT : Duration.ofSeconds(Math.min(seconds, MAX_WAIT_SECONDS));
    }

    private static List<String> all(Function<String, @Nullable Enumeration<String>> headers, String name) {
        Enumeration<String> values = headers.apply(name);
        return values == null ? List.of() : Collections.list(values);
    }
}
