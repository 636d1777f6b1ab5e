package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Compares every answer of the API with the reference. */
public final class ViewCheck {

    private final ReferenceView reference;
    private final Map<Long, ApiReader> readers;
    private final List<String> formFields;

    /**
     * @param readers of each team
     * @param formFields to request, besides none
     */
    public ViewCheck(ReferenceView reference, Map<Long, ApiReader> readers, List<String> formFields) {
        this.reference = reference;
        this.readers = readers;
        this.formFields = formFields;
    }

    /** The bodies, periodActionIds included, by team and path. */
    public record Answers(Map<String, String> bodies, long periodActions) {}

    /**
     * Every period of every team, with and without form fields.
     *
     * @param ids the periodActionIds seen so far
     */
    public Answers compare(IdLedger ids) throws IOException, InterruptedException {
        assertThat(readers.keySet()).containsAll(reference.teamIds());
        Map<String, String> bodies = new TreeMap<>();
        long periodActions = 0;
        for (Map.Entry<Long, ApiReader> reader : readers.entrySet()) {
            periodActions += compare(reader.getKey(), reader.getValue(), ids, bodies);
        }
        return new Answers(bodies, periodActions);
    }

    private long compare(long team, ApiReader reader, IdLedger ids, Map<String, String> bodies)
            throws IOException, InterruptedException {
        String of = "team " + team + ": GET ";
        String periods = reader.body("/periods");
        bodies.put(of + "/periods", periods);
        assertThat(ReferenceView.parse(periods)).as("team %d", team).isEqualTo(reference.periods(team, null, null));
        long periodActions = 0;
        for (long period : reference.periodIds(team)) {
            String path = ApiReader.actions(period, null);
            String body = reader.body(path);
            bodies.put(of + path, body);
            JsonNode plain = ids.withoutIds(team, period, ReferenceView.parse(body));
            assertThat(plain).as(of + path).isEqualTo(reference.actions(team, period, null));
            periodActions += plain.get("actions").size();

            String withFields = ApiReader.actions(period, formFields);
            assertThat(ids.withoutIds(team, period, reader.json(withFields)))
                    .as(of + withFields)
                    .isEqualTo(reference.actions(team, period, formFields));
        }
        return periodActions;
    }
}
