package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.streams.query.FormFieldSelection;
import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.ResponseBody;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares a view with the reference, team by team, after every event of a random history. */
public final class ModelCheck {

    private static final int MOST_PERIODS = 8;

    private final RandomHistory history;
    private final ReferenceView reference = new ReferenceView();
    private final IdLedger ids = new IdLedger();
    private final ViewReader reader;

    public ModelCheck(long seed, ViewReader reader) {
        this.history = new RandomHistory(seed);
        this.reader = reader;
    }

    public void run(int steps, Consumer<Event> view) throws IOException {
        runInBatches(steps, event -> {
            view.accept(event);
            return true;
        });
    }

    /** @param view takes an event and says whether it shows all events by now */
    public void runInBatches(int steps, Predicate<Event> view) throws IOException {
        Set<Long> teams = new TreeSet<>();
        for (int step = 0; step < steps; step++) {
            Event event = history.next();
            teams.add(event.teamId());
            boolean isShown = view.test(event);
            reference.apply(event);
            ids.keepOnly(event.teamId(), reference);
            if (isShown) {
                try {
                    for (long teamId : teams) {
                        compare(teamId, history.someFormFields());
                    }
                } catch (AssertionError e) {
                    throw new AssertionError("at step " + step + ", after " + event + ": " + e.getMessage(), e);
                }
                teams.clear();
            }
        }
    }

    private void compare(long teamId, @Nullable List<String> formFields) throws IOException {
        assertThat(json(reader.periods(teamId, null, null))).isEqualTo(reference.periods(teamId, null, null));
        Instant from = Instant.parse("2024-07-01T00:10:00Z");
        Instant until = Instant.parse("2024-07-01T00:30:00Z");
        assertThat(json(reader.periods(teamId, from.toEpochMilli(), until.toEpochMilli())))
                .isEqualTo(reference.periods(teamId, from, until));
        for (long periodId = 1; periodId <= MOST_PERIODS; periodId++) {
            FormFieldSelection fields = formFields == null ? null : new FormFieldSelection(formFields);
            JsonNode expected = reference.actions(teamId, periodId, formFields);
            ResponseBody answer = reader.actions(teamId, periodId, fields);
            if (expected == null || answer == null) {
                assertThat(answer == null ? null : "an answer").isEqualTo(expected);
            } else {
                assertThat(ids.withoutIds(teamId, periodId, json(answer)))
                        .as("period %d", periodId)
                        .isEqualTo(expected);
            }
        }
    }

    private static JsonNode json(ResponseBody answer) throws IOException {
        try (answer) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            assertThat(answer.length()).isEqualTo(body.size());
            return ReferenceView.parse(body.toString(UTF_8));
        }
    }
}
