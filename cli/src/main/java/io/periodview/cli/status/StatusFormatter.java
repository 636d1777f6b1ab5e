package io.periodview.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Formats a status document for people. */
final class StatusFormatter {

    private static final String NONE = "-";

    private StatusFormatter() {}

    static List<String> lines(JsonNode status) {
        List<String> lines = new ArrayList<>();
        JsonNode instance = status.path("instance");
        lines.add("instance   " + instance.path("address").asText("not known yet") + " of "
                + instance.path("applicationId").asText("a service that is starting") + ", "
                + instance.path("state").asText() + ", started "
                + instance.path("startedAt").asText());
        lines.add("health     " + health(instance, "live", "notLive") + "; " + health(instance, "ready", "notReady"));
        JsonNode versions = status.path("versions");
        lines.add("versions   period-view " + versions.path("periodView").asText() + ", Kafka "
                + versions.path("kafka").asText() + ", Java "
                + versions.path("java").asText());
        lines.add("settings   " + settings(status.path("settings")));
        if (!status.path("instances").isEmpty()) {
            lines.add("");
            lines.addAll(instances(status.path("instances")));
        }
        if (!status.path("partitions").isEmpty()) {
            lines.add("");
            lines.addAll(partitions(status.path("partitions")));
            lines.addAll(problems(status.path("partitions")));
        }
        return lines;
    }

    private static String health(JsonNode instance, String is, String isNot) {
        return instance.path(is).asBoolean()
                ? is
                : "not " + is + ": " + instance.path(isNot).asText();
    }

    private static String settings(JsonNode settings) {
        StringJoiner all = new StringJoiner("\n           ");
        all.setEmptyValue("all as by default");
        for (JsonNode each : settings) {
            String name = each.path("name").asText();
            char between = name.indexOf(' ') < 0 ? ' ' : '='; // --kafka KEY=VALUE
            all.add(
                    each.path("value").isNull()
                            ? name + " (set; not shown)"
                            : name + between + each.path("value").asText());
        }
        return all.toString();
    }

    private static List<String> instances(JsonNode instances) {
        Table table = new Table("INSTANCE", "OWNS", "STANDS BY");
        for (JsonNode each : instances) {
            String here = each.path("self").asBoolean() ? " (asked)" : "";
            table.row(each.path("address").asText() + here, ranges(each.path("owns")), ranges(each.path("standsBy")));
        }
        return table.lines();
    }

    /** {@code 0-3, 7}. */
    static String ranges(JsonNode numbers) {
        StringJoiner ranges = new StringJoiner(", ");
        ranges.setEmptyValue(NONE);
        for (int i = 0; i < numbers.size(); i++) {
            int first = numbers.get(i).asInt();
            int last = first;
            while (i + 1 < numbers.size() && numbers.get(i + 1).asInt() == last + 1) {
                last++;
                i++;
            }
            ranges.add(first == last ? Integer.toString(first) : first + "-" + last);
        }
        return ranges.toString();
    }

    private static List<String> partitions(JsonNode partitions) {
        Table table = new Table("PARTITION", "OWNER", "STANDBYS", "HERE", "LAG", "POSITION");
        for (JsonNode each : partitions) {
            JsonNode here = each.path("here");
            StringJoiner standbys = new StringJoiner(" ");
            standbys.setEmptyValue(NONE);
            each.path("standbys").forEach(standby -> standbys.add(standby.asText()));
            table.row(
                    each.path("partition").asText(),
                    each.path("owner").asText(NONE),
                    standbys.toString(),
                    here.path("role").asText(NONE),
                    lag(here),
                    position(here.path("position")));
        }
        return table.lines();
    }

    private static List<String> problems(JsonNode partitions) {
        List<String> lines = new ArrayList<>();
        for (JsonNode each : partitions) {
            String problem = each.path("here").path("problem").asText();
            if (!problem.isEmpty()) {
                lines.add("");
                lines.add("Partition " + each.path("partition").asText() + ": " + problem);
            }
        }
        return lines;
    }

    private static String lag(JsonNode here) {
        JsonNode restore = here.path("restore");
        if (restore.isObject()) {
            long total = restore.path("total").asLong();
            long remaining = restore.path("remaining").asLong();
            long percent = total == 0 ? 100 : Math.max(0, 100 * (total - remaining) / total);
            return String.format(
                    Locale.ROOT,
                    "%d %%, %,d to go, %d s",
                    percent,
                    remaining,
                    restore.path("seconds").asLong());
        }
        if (here.path("behind").isNumber()) {
            return String.format(Locale.ROOT, "%,d", here.path("behind").asLong());
        }
        long lag = 0;
        for (JsonNode topic : here.path("lag")) {
            lag += topic.asLong();
        }
        return here.path("lag").isEmpty() ? NONE : String.format(Locale.ROOT, "%,d", lag);
    }

    private static String position(JsonNode position) {
        StringJoiner offsets = new StringJoiner(" ");
        offsets.setEmptyValue(NONE);
        position.properties()
                .forEach(each ->
                        offsets.add(each.getKey() + "@" + each.getValue().asText()));
        return offsets.toString();
    }
}
