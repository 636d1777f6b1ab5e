package io.periodview.cli.chaos;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that were written, each team's growing, and what an answer says of them: how stale it is, and whether what it
 * says of itself is so. Thread-safe.
 */
final class Numbers {

    private static final Pattern STATUS = Pattern.compile("\"status\":\"(\\d+)\"");

    private final Map<Long, Team> teams = new ConcurrentHashMap<>();

    private static final class Team {
        /** When each number was acknowledged. */
        final ConcurrentSkipListMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();

        /** The number at each offset. */
        final ConcurrentSkipListMap<Long, Long> written = new ConcurrentSkipListMap<>();

        final List<Tagged> tagged = new CopyOnWriteArrayList<>();
    }

    /** An answer that a client keeps: its ETag, and the number that it shows. */
    record Tagged(String tag, long number) {}

    private Team of(long team) {
        return Objects.requireNonNull(teams.computeIfAbsent(team, unknown -> new Team()));
    }

    void acknowledged(long team, long number, RecordMetadata at) {
        of(team).acknowledged.put(number, System.nanoTime());
        of(team).written.put(at.offset(), number);
    }

    /** The number that was acknowledged last. */
    long last(long team) {
        return of(team).acknowledged.lastKey();
    }

    /** The number that an answer shows, or -1. */
    static long shown(HttpResponse<String> response) {
        Matcher status = STATUS.matcher(response.body());
        return response.statusCode() == 200 && status.find() ? Long.parseLong(status.group(1)) : -1;
    }

    /** Since when the first number that is not shown had been acknowledged when it was asked; 0 if there is none. */
    Duration staleness(long team, long shown, long asked) {
        Map.Entry<Long, Long> missed = of(team).acknowledged.higherEntry(shown);
        return missed == null || missed.getValue() >= asked
                ? Duration.ZERO
                : Duration.ofNanos(asked - missed.getValue());
    }

    /** What a client that keeps an answer asks with: the last one, or any; an old one must not match again. */
    @Nullable
    Tagged tagged(long team, Random random) {
        List<Tagged> all = List.copyOf(of(team).tagged);
        if (all.isEmpty()) {
            return null;
        }
        return all.get(random.nextBoolean() ? all.size() - 1 : random.nextInt(all.size()));
    }

    void keep(long team, HttpResponse<String> response, long shown) {
        List<Tagged> all = of(team).tagged;
        response.headers().firstValue("ETag").ifPresent(tag -> {
            if (all.isEmpty() || !all.get(all.size() - 1).tag().equals(tag)) {
                all.add(new Tagged(tag, shown));
            }
        });
    }

    /**
     * What an answer says of itself that is not so, or null. A standby's says how far it may be behind, and an owner's has
     * every event up to the position that it names.
     */
    @Nullable
    String untrue(long team, HttpHeaders headers, long shown, String topic) {
        String source = headers.firstValue("View-Source").orElse("");
        String position = headers.firstValue("View-Position").orElse("");
        if (source.equals("standby")) {
            boolean isMarked = headers.firstValue("View-Lag").isPresent() && position.isEmpty();
            return isMarked && headers.firstValue("ETag").isEmpty() ? null : "a standby's answer with " + headers.map();
        }
        Matcher offset = Pattern.compile("(?:^|,)" + topic + "-\\d+@(\\d+)").matcher(position);
        if (!source.equals("owner") || !offset.find()) {
            return "an answer without source or position: " + headers.map();
        }
        Map.Entry<Long, Long> reached = of(team).written.floorEntry(Long.parseLong(offset.group(1)));
        return reached == null || reached.getValue() <= shown
                ? null
                : "it shows " + shown + " and says " + position + ", where " + reached.getValue() + " was written";
    }
}
