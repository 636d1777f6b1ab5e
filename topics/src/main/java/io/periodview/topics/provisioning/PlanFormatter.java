package io.periodview.topics.provisioning;

import io.periodview.topics.provisioning.TopicPlan.AlterConfig;
import io.periodview.topics.provisioning.TopicPlan.Create;
import io.periodview.topics.provisioning.TopicPlan.Refused;
import io.periodview.topics.provisioning.TopicPlan.Step;
import io.periodview.topics.provisioning.TopicPlan.UpToDate;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** A step of a plan as a line for people. */
final class PlanFormatter {

    private PlanFormatter() {}

    static String line(Step step) {
        // Not a switch over the types: Java 17 has none.
        if (step instanceof Create create) {
            return "+ create " + create.topic() + " (" + created(create.spec()) + ")" + notes(create.notes());
        }
        if (step instanceof AlterConfig alter) {
            return "~ alter " + alter.topic() + ": " + joined(alter.changes(), " ") + notes(alter.notes());
        }
        if (step instanceof UpToDate upToDate) {
            return "= up to date " + upToDate.topic() + notes(upToDate.notes());
        }
        if (step instanceof Refused refused) {
            return "! refused " + refused.topic() + ": " + refused.reason();
        }
        throw new IllegalArgumentException("No such step: " + step.getClass());
    }

    private static String created(TopicSpec spec) {
        return Phrases.count(spec.partitions(), "partition") + ", "
                + Phrases.count(spec.replicationFactor(), "replica") + ", "
                + joined(spec.configs(), "=");
    }

    private static String joined(Map<String, ?> values, String between) {
        StringJoiner all = new StringJoiner(", ");
        values.forEach((setting, value) -> all.add(setting + between + value));
        return all.toString();
    }

    private static String notes(List<String> notes) {
        return notes.isEmpty() ? "" : "; " + String.join("; ", notes);
    }
}
