package io.periodview.bench;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;

/** The results as text, JSON and pictures. */
final class Report {

    private final List<Suite> suites;
    private final Results results;
    private final Machine machine;
    private final boolean quick;

    Report(List<Suite> suites, Results results, Machine machine, boolean quick) {
        this.suites = suites;
        this.results = results;
        this.machine = machine;
        this.quick = quick;
    }

    /** Everything, as Markdown. */
    String text() {
        StringBuilder text = new StringBuilder(machine + (quick ? ", quick" : "") + "\n");
        for (Suite suite : suites) {
            text.append("\n## ").append(suite.question()).append("\n\n").append(section(suite.name()));
        }
        return text.toString();
    }

    /** One suite's tables. */
    String section(String suite) {
        StringBuilder text = new StringBuilder();
        // A unit has a table, a cell a row, a contender a column.
        Map<String, List<Figure>> byUnit = new LinkedHashMap<>();
        figures(suite)
                .forEach(figure -> byUnit.computeIfAbsent(figure.unit(), unit -> new ArrayList<>())
                        .add(figure));
        byUnit.forEach((unit, figures) -> text.append(table(unit, figures)).append('\n'));
        List<Ratio> ratios = results.ratios().stream()
                .filter(ratio -> ratio.suite().equals(suite))
                .toList();
        if (!ratios.isEmpty()) {
            text.append("| ratio of medians | | goal |\n|---|---|---|\n");
            for (Ratio ratio : ratios) {
                text.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %s %s, %s |%n",
                        ratio.text(),
                        number(ratio.value()),
                        ratio.atMost() ? "at most" : "at least",
                        number(ratio.goal()),
                        ratio.isMet() ? "met" : "**missed**"));
            }
            text.append('\n');
        }
        results.notes().stream()
                .filter(note -> note.startsWith(suite + ": "))
                .forEach(note -> text.append(note.substring(suite.length() + 2)).append("\n"));
        return text.toString();
    }

    /** @return the file, named by the day; a second run of that day writes it anew, with the suites it did not run */
    Path writeJson(Path folder) throws IOException {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Path file = Files.createDirectories(folder).resolve(machine.date() + (quick ? "-quick" : "") + ".json");
        ObjectNode root = Files.exists(file) ? (ObjectNode) mapper.readTree(file.toFile()) : mapper.createObjectNode();
        for (Suite suite : suites) {
            ObjectNode found = mapper.createObjectNode();
            found.put("machine", machine.toString());
            found.put("question", suite.question());
            ArrayNode figures = found.putArray("figures");
            for (Figure figure : figures(suite.name())) {
                ObjectNode node = figures.addObject();
                node.put("cell", figure.cell());
                node.put("contender", figure.contender());
                node.put("unit", figure.unit());
                node.put("median", figure.median());
                ArrayNode rounds = node.putArray("rounds");
                figure.rounds().forEach(rounds::add);
            }
            ArrayNode ratios = found.putArray("ratios");
            for (Ratio ratio : results.ratios()) {
                if (ratio.suite().equals(suite.name())) {
                    ObjectNode node = ratios.addObject();
                    node.put("ratio", ratio.text());
                    node.put("value", ratio.value());
                    node.put("goal", (ratio.atMost() ? "at most " : "at least ") + number(ratio.goal()));
                    node.put("met", ratio.isMet());
                }
            }
            root.set(suite.name(), found);
        }
        Files.writeString(file, mapper.writeValueAsString(root) + "\n");
        return file;
    }

    /** Each suite's tables stand between two comments, {@code <!-- name -->} and {@code <!-- end -->}. */
    void updateReadme(Path readme) throws IOException {
        String text = Files.readString(readme);
        for (Suite suite : suites) {
            String section =
                    "<!-- " + suite.name() + " -->\n\n" + machine + "\n\n" + section(suite.name()) + "\n<!-- end -->";
            text = text.replaceAll(
                    "(?s)<!-- " + suite.name() + " -->.*?<!-- end -->", Matcher.quoteReplacement(section));
        }
        Files.writeString(readme, text);
    }

    /** One picture for each suite. */
    void writePlots(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Suite suite : suites) {
            List<Figure> figures = figures(suite.name());
            if (!figures.isEmpty()) {
                Files.writeString(folder.resolve(suite.name() + ".svg"), Plot.bars(suite.question(), figures));
            }
        }
    }

    private List<Figure> figures(String suite) {
        return results.figures().stream()
                .filter(figure -> figure.suite().equals(suite))
                .toList();
    }

    private static String table(String unit, List<Figure> figures) {
        List<String> contenders =
                figures.stream().map(Figure::contender).distinct().toList();
        StringBuilder text = new StringBuilder("| " + unit);
        contenders.forEach(contender -> text.append(" | ").append(contender));
        text.append(" |\n|---").append("|---".repeat(contenders.size())).append("|\n");
        for (String cell : figures.stream().map(Figure::cell).distinct().toList()) {
            text.append("| ").append(cell);
            for (String contender : contenders) {
                text.append(" | ")
                        .append(figures.stream()
                                .filter(figure -> figure.cell().equals(cell)
                                        && figure.contender().equals(contender))
                                .findFirst()
                                .map(Report::spread)
                                .orElse(""));
            }
            text.append(" |\n");
        }
        return text.toString();
    }

    private static String spread(Figure figure) {
        String median = number(figure.median());
        return figure.rounds().size() == 1
                ? median
                : median + " (" + number(figure.lowest()) + " to " + number(figure.highest()) + ")";
    }

    /** Three digits are more than these machines can tell apart. */
    static String number(double value) {
        if (value >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
