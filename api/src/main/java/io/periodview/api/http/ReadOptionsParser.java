package io.periodview.api.http;

import io.periodview.api.routing.ViewHeaders;
import io.periodview.streams.query.ReadOptions;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.TopicNames;
import java.time.Duration;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what a request's headers say of the answer it wants. */
final class ReadOptionsParser {

    private static final Duration DEFAULT_WAIT = Duration.ofSeconds(5);
    private static final long MAX_WAIT_SECONDS = 30;

    private ReadOptionsParser() {}

    /**
     * @param headers all of the request's with a name; null or empty if there are none
     * @param partition of the team
     * @param topics of which an owner knows its position
     * @throws ApiError if what they say makes no sense
     */
    static ReadOptions parse(
            Function<String, @Nullable Enumeration<String>> headers, int partition, Set<String> topics) {
        Set<String> known = new HashSet<>();
        boolean any = false;
        for (String header : all(headers, ViewHeaders.IF_NONE_MATCH)) {
            any |= header.strip().equals("*");
            known.addAll(EntityTags.parse(header));
        }
        return new ReadOptions(
                isOwnerRequired(all(headers, ViewHeaders.SOURCE)),
                positions(all(headers, ViewHeaders.AT_LEAST), partition, topics),
                timeout(all(headers, ViewHeaders.PREFER)),
                known,
                any);
    }

    private static boolean isOwnerRequired(List<String> given) {
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
                RecordOffset wanted = RecordOffset.parse(entry.strip());
                if (wanted == null) {
                    throw invalid(partition);
                }
                String topic = wanted.topic();
                if (wanted.partition() != partition) {
                    continue;
                }
                if (topics.contains(topic)) {
                    positions.merge(topic, wanted.offset(), Math::max);
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

    private static Duration timeout(List<String> headers) {
        OptionalInt seconds = Preferences.waitSeconds(headers);
        return seconds.isPresent() ? Duration.ofSeconds(Math.min(seconds.getAsInt(), MAX_WAIT_SECONDS)) : DEFAULT_WAIT;
    }

    private static List<String> all(Function<String, @Nullable Enumeration<String>> headers, String name) {
        Enumeration<String> values = headers.apply(name);
        return values == null ? List.of() : Collections.list(values);
    }
}
