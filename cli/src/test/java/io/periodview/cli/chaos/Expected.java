package io.periodview.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.periodview.cli.ApiReader;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the view may answer: one state, or any of several while it is on the way from one to another. Thread-safe. */
final class Expected {

    static final String PERIODS = "/periods";
    /** With the period of each. */
    static final Map<String, Long> ACTIONS = new LinkedHashMap<>();

    static final List<String> PATHS = new ArrayList<>(List.of(PERIODS));

    static {
        for (long period = 1; period <= 7; period++) {
            ACTIONS.put(ApiReader.actions(period, RandomHistory.formFieldNames()), period);
        }
        PATHS.addAll(ACTIONS.keySet());
    }

    private record Asked(long team, String path) {}

    private final Map<Asked, Set<JsonNode>> answers = new HashMap<>();
    /** While the order of their events is not known. */
    private final Set<Long> unknown = new HashSet<>();
    /** While all answers are of one state, no id changes. */
    private final IdLedger ids = new IdLedger();

    private boolean isOneState;

    private Expected() {}

    /** Only this. */
    static Expected of(List<Event> published) {
        Expected expected = onTheWay(published, List.of());
        expected.isOneState = true;
        return expected;
    }

    /** These and then any of more, in the order of each topic: periods and actions are read side by side. */
    static Expected onTheWay(List<Event> published, List<Event> more) {
        Expected expected = new Expected();
        for (long team : TopicHistory.TEAMS) {
            List<Event> periods = of(team, true, more);
            List<Event> actions = of(team, false, more);
            if (TopicHistory.isElsewhere(team) && periods.size() + actions.size() > 0) {
                expected.unknown.add(team);
            }
            for (int i = 0; i <= periods.size(); i++) {
                ReferenceView view = new ReferenceView();
                published.forEach(view::apply);
                periods.subList(0, i).forEach(view::apply);
                expected.add(team, view);
                for (Event action : actions) {
                    view.apply(action);
                    expected.add(team, view);
                }
            }
        }
        return expected;
    }

    /** For as long as nobody can say. */
    static Expected anything() {
        Expected expected = new Expected();
        expected.unknown.addAll(TopicHistory.TEAMS);
        return expected;
    }

    private static List<Event> of(long team, boolean isPeriod, List<Event> events) {
        return events.stream()
                .filter(event -> event.teamId() == team && event.isPeriod() == isPeriod)
                .toList();
    }

    private void add(long team, ReferenceView view) {
        add(team, PERIODS, view.periods(team, null, null));
        ACTIONS.forEach((path, period) -> add(team, path, view.actions(team, period, RandomHistory.formFieldNames())));
    }

    private void add(long team, String path, @Nullable JsonNode answer) {
        answers.computeIfAbsent(new Asked(team, path), none -> new HashSet<>())
                .add(answer == null ? MissingNode.getInstance() : answer);
    }

    /** Either of both. */
    Expected or(Expected other) {
        Expected both = new Expected();
        for (Expected each : List.of(this, other)) {
            each.answers.forEach((asked, some) ->
                    both.answers.computeIfAbsent(asked, none -> new HashSet<>()).addAll(some));
            both.unknown.addAll(each.unknown);
        }
        return both;
    }

    /**
     * The same, and anything of the team whose events lie elsewhere: what is built from the topics shows them once they are
     * sent on, and nobody knows before that there are more.
     */
    Expected beforeSentOn() {
        Expected expected = or(this);
        TopicHistory.TEAMS.stream().filter(TopicHistory::isElsewhere).forEach(expected.unknown::add);
        return expected;
    }

    /**
     * What is wrong with an answer, or null if nothing is.
     *
     * @param body missing for a 404
     */
    @Nullable
    String problem(long team, String path, JsonNode body) {
        return problem(team, path, body, false);
    }

    /** The same, and whether a periodActionId has changed while nothing else did. */
    @Nullable
    String problemWithIds(long team, String path, JsonNode body) {
        return problem(team, path, body, isOneState);
    }

    private synchronized @Nullable String problem(long team, String path, JsonNode body, boolean withIds) {
        if (unknown.contains(team)) {
            return null;
        }
        Set<JsonNode> right = answers.getOrDefault(new Asked(team, path), Set.of());
        Long period = ACTIONS.get(path);
        JsonNode plain = body;
        if (period != null && !body.isMissingNode()) {
            try {
                plain = new IdLedger().withoutIds(team, period, body.deepCopy());
                if (withIds && right.contains(plain)) {
                    ids.withoutIds(team, period, body.deepCopy());
                }
            } catch (AssertionError e) {
                return e.getMessage();
            }
        }
        return right.contains(plain) ? null : "is " + shown(plain) + ", none of " + right.size() + ": " + right;
    }

    private static String shown(JsonNode body) {
        return body.isMissingNode() ? "404" : body.toString();
    }
}
