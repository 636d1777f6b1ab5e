package io.periodview.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    private static final Machine MACHINE =
            new Machine(LocalDate.of(2026, 1, 2), "a processor", 2, 24, "Linux 6", "17.0.1", "abc+");

    private static final Suite SUITE = new Suite() {
        @Override
        public String name() {
            return "ingest";
        }

        @Override
        public String question() {
            return "How many events a second?";
        }

        @Override
        public void measure(BenchEnvironment environment, Results results) {
            throw new IllegalStateException("This one is never run");
        }
    };

    private final Results results = new Results();

    @Test
    void tellsMediansWithTheirSpreadAndRatiosWithTheirGoals() {
        for (double round : new double[] {30_000, 10_000, 20_000}) {
            results.add("ingest", "12 teams", "pipe", "events/s", round);
        }
        for (double round : new double[] {12_000, 14_000}) {
            results.add("ingest", "12 teams", "period-view", "events/s", round);
        }
        results.ratio("ingest", "12 teams", "period-view", "pipe", 0.75, false);
        results.ratio(new Ratio("ingest", "10 M / 100 k", 1.2, 1.5, true));
        results.note("ingest", "the last cell was left out");
        assertThat(report().text().lines())
                .containsExactly(
                        "2026-01-02, 2 cores (a processor), 24 GiB, Linux 6, Java 17.0.1, commit abc+",
                        "",
                        "## How many events a second?",
                        "",
                        "| events/s | pipe | period-view |",
                        "|---|---|---|",
                        "| 12 teams | 20,000 (10,000 to 30,000) | 13,000 (12,000 to 14,000) |",
                        "",
                        "| ratio of medians | | goal |",
                        "|---|---|---|",
                        "| 12 teams: period-view / pipe | 0.65 | at least 0.75, **missed** |",
                        "| 10 M / 100 k | 1.20 | at most 1.50, met |",
                        "",
                        "the last cell was left out");
    }

    @Test
    void whatWasNotMeasuredHasNoRatio() {
        results.add("ingest", "12 teams", "pipe", "events/s", 1);
        assertThatThrownBy(() -> results.ratio("ingest", "12 teams", "period-view", "pipe", 1, false))
                .hasMessage("Nothing was measured of period-view in ingest, 12 teams");
    }

    @Test
    void renewsItsPartOfTheReadme(@TempDir Path folder) throws Exception {
        Path readme = folder.resolve("README.md");
        Files.writeString(
                readme, "Before\n<!-- ingest -->old $1<!-- end -->\nbetween\n<!-- read -->kept<!-- end -->\n");
        results.add("ingest", "12 teams", "pipe", "events/s", 1);
        report().updateReadme(readme);
        assertThat(readme)
                .content()
                .startsWith("Before\n<!-- ingest -->\n\n2026-01-02")
                .endsWith("""
                | 12 teams | 1.00 |


                <!-- end -->
                between
                <!-- read -->kept<!-- end -->
                """);
    }

    @Test
    void aSecondRunOfTheDayKeepsTheOtherSuitesFigures(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("2026-01-02.json"), "{\"read\":{\"kept\":true}}");
        results.add("ingest", "12 teams", "pipe", "events/s", 1);
        Path file = report().writeJson(folder);
        assertThat(file).content().contains("\"kept\" : true", "\"contender\" : \"pipe\"", "\"median\" : 1.0");
    }

    @Test
    void drawsABarEach(@TempDir Path folder) throws Exception {
        results.add("ingest", "a < b", "pipe", "events/s", 1);
        results.add("ingest", "a < b", "period-view", "events/s", 2);
        report().writePlots(folder);
        assertThat(folder.resolve("ingest.svg"))
                .content()
                .contains("a &lt; b · pipe", "2.00 events/s")
                .endsWith("</svg>\n");
    }

    private Report report() {
        return new Report(List.of(SUITE), results, MACHINE, false);
    }
}
