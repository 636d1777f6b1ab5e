package io.periodview.cli.deadletters;

import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.streams.intake.DeadLetter;
import io.periodview.topics.RecordOffset;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters counted by topic, code and message, where messages that differ only in what they quote and in numbers are
 * one. One thread at a time.
 */
final class Summary {

    /** Any producer can make up messages; the heap must not depend on them. */
    private static final int MAX_GROUPS = 1_000;

    private static final int MAX_TEAMS = 1_000;

    /** A string in quotes, or a number that stands alone; the one of ISO 8601 does not. */
    private static final Pattern PARTICULAR =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|(?<![\\w.:+-])(?<!ISO )-?\\d++(?:\\.\\d++)?(?![\\w:-])");

    private static final Kind OTHERS = new Kind("", "", "(more kinds of messages)");

    private final Map<Kind, Group> groups = new HashMap<>();

    private record Kind(String topic, String code, String message) {}

    private static final class Group {
        private long count;
        private long latestTime = Long.MIN_VALUE;
        private @Nullable RecordOffset latest;
        private final Set<Long> teams = new HashSet<>();
    }

    void add(DeadLetterRecord letter) {
        Kind kind = kind(letter);
        if (groups.size() >= MAX_GROUPS && !groups.containsKey(kind)) {
            kind = OTHERS;
        }
        Group group = groups.computeIfAbsent(kind, unknown -> new Group());
        group.count++;
        if (letter.timestamp() >= group.latestTime) {
            group.latestTime = letter.timestamp();
            group.latest = letter.place();
        }
        Long team = letter.team();
        if (team != null && group.teams.size() < MAX_TEAMS) {
            group.teams.add(team);
        }
    }

    private static Kind kind(DeadLetterRecord letter) {
        DeadLetter rejection = letter.rejection();
        if (rejection == null) {
            return new Kind("?", "?", "(not written by the service)");
        }
        String topic = letter.topic() == null ? rejection.origin().topic() : letter.topic();
        return new Kind(
                TerminalEscaper.all(topic),
                TerminalEscaper.all(rejection.code()),
                PARTICULAR.matcher(TerminalEscaper.all(rejection.message())).replaceAll("…"));
    }

    /** A row a group, the most frequent first. */
    void print(PrintWriter out) {
        List<Map.Entry<Kind, Group>> rows = groups.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<Kind, Group> row) -> -row.getValue().count))
                .toList();
        String format = "%9s  %-7s  %-14s  %5s  %-24s  %-20s  %s%n";
        out.printf(format, "COUNT", "TOPIC", "CODE", "TEAMS", "LATEST", "WHERE", "MESSAGE");
        for (Map.Entry<Kind, Group> row : rows) {
            Kind kind = row.getKey();
            Group group = row.getValue();
            out.printf(
                    format,
                    group.count,
                    kind.topic,
                    kind.code,
                    group.teams.size() < MAX_TEAMS ? group.teams.size() : MAX_TEAMS + "+",
                    TextLetterFormatter.time(group.latestTime),
                    group.latest,
                    kind.message);
        }
        out.flush();
    }
}
