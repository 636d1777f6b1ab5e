package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.routing.ViewHeaders;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code GET /metrics}: its form, and what is counted when events and requests come. */
class MetricsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofTwoInstances();

    private static final String ACTIONS = "/periods/1/actions";
    private static final String REQUESTS = "http_server_requests_seconds_count";

    @Test
    void prometheusAcceptsTheMetrics() throws Exception {
        Scrape scrape = Scrape.of(service.first());
        scrape.assertWellFormed();
        assertThat(scrape.samples()).noneMatch(line -> line.contains("mem_table") || line.contains("block_cache"));
        assertThat(scrape.sum("kafka_stream_alive_stream_threads")).isEqualTo(1);
        assertThat(scrape.sum("jvm_memory_used_bytes", "area=\"heap\"")).isPositive();
        assertThat(scrape.sum("periodview_live")).isEqualTo(1);
        assertThat(scrape.sum("periodview_ready")).isEqualTo(1);
        assertThat(scrape.sum("periodview_build_info", "kafka=\"4.")).isEqualTo(1);
        assumeThat(Promtool.isInstalled())
                .as("promtool is not installed (Debian: apt install prometheus): its check of the metrics is skipped")
                .isTrue();
        assertThat(Promtool.complaints(scrape.text())).isEmpty();
    }

    @Test
    void partitionsAreCountedByRole() {
        for (var each : service.instances()) {
            Scrape scrape = Scrape.of(each);
            assertThat(scrape.sum("periodview_partitions", "role=\"owner\"")).isEqualTo(2);
            assertThat(scrape.sum("periodview_partitions", "role=\"standby\"")).isEqualTo(2);
        }
    }

    /** Dashboards and alerts are made from this list. */
    @Test
    void everyDocumentedMetricExists() throws IOException {
        String text = Scrape.of(service.first()).text();
        List<String> documented = Files.readAllLines(Path.of("../docs/metrics.md")).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.replaceFirst("\\| `([a-z_]+)`.*", "$1"))
                .toList();
        assertThat(documented).hasSizeGreaterThan(20);
        for (String name : documented) {
            if (!name.startsWith("periodview_restore_")) { // only while something is restored
                assertThat(text).as(name).containsPattern("(?m)^# TYPE " + name + " ");
            }
        }
    }

    @Test
    void appliedRejectedAndReroutedEventsAreCounted() throws InterruptedException {
        Team team = service.newTeamOwnedBy(service.first());
        Scrape before = Scrape.of(service.first());
        Scrape beforeOther = Scrape.of(service.second());
        team.show(team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z'}"));
        service.publisher().publishUnreferenced(team.period(2, "{"));
        Event misplaced = team.action(1, "{'createdTime':'2024-01-10T00:00Z'}");
        service.publisher().publishTo((team.partition() + 1) % RunningService.PARTITIONS, misplaced);
        team.awaitShown();
        await().atMost(RunningService.TIMEOUT).untilAsserted(() -> {
            Scrape now = Scrape.of(service.first());
            assertThat(now.since(before, "periodview_events_applied_total")).isGreaterThanOrEqualTo(2);
            assertThat(now.since(before, "periodview_events_rejected_total", "code=\"malformed-json\""))
                    .isEqualTo(1);
            assertThat(now.since(before, "periodview_event_visible_seconds_count"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(now.since(before, "periodview_events_rerouted_total")
                            + Scrape.of(service.second()).since(beforeOther, "periodview_events_rerouted_total"))
                    .isEqualTo(1);
            assertThat(now.sum(
                            "periodview_partition_lag_events",
                            "topic=\"" + service.publisher().topics().periods() + "\""))
                    .isZero();
        });
    }

    @Test
    void requestsAndAnswersAreCounted() throws InterruptedException {
        Team owned = service.newTeamOwnedBy(service.second());
        Team team = owned.at(service.second());
        team.show(team.period(1, "{'name':'P','start_date':'2024-01-01T00:00Z'}"));
        team.show(team.action(1, "{'createdTime':'2024-01-10T00:00Z'}"));
        Scrape before = Scrape.of(service.second());
        String etag = team.get(ACTIONS).header("ETag").orElseThrow();
        team.get(ACTIONS);
        team.get(ACTIONS);
        team.get(ACTIONS, "If-None-Match: " + etag);
        team.get("/periods/2/actions");
        team.get("/nothing/" + team.id());
        team.ask("BREW", "/periods");
        String far = "View-At-Least: " + team.periodsPosition(1_000_000);
        assertThat(team.get(ACTIONS, far, "Prefer: wait=1").status()).isEqualTo(503);

        String route = "route=\"/periods/{period_id}/actions\"";
        await().atMost(RunningService.TIMEOUT)
                .untilAsserted(
                        () -> { // counted when it is answered
                            Scrape now = Scrape.of(service.second());
                            assertThat(now.since(before, REQUESTS, route, "status=\"200\""))
                                    .isEqualTo(3);
                            assertThat(now.sum(REQUESTS, route, "status=\"304\""))
                                    .isGreaterThanOrEqualTo(1);
                            assertThat(now.sum(REQUESTS, "route=\"other\"", "status=\"404\""))
                                    .isGreaterThanOrEqualTo(1);
                            assertThat(now.sum(REQUESTS, "method=\"other\"", "status=\"405\""))
                                    .isGreaterThanOrEqualTo(1);
                        });
        Scrape now = Scrape.of(service.second());
        assertThat(now.text()).doesNotContain("/nothing", "BREW");
        assertThat(now.since(before, "periodview_answers_total", "from=\"not_modified\""))
                .isEqualTo(1);
        assertThat(now.since(before, "periodview_answers_total", "from=\"not_found\""))
                .isEqualTo(1);
        assertThat(now.since(before, "periodview_answers_total", "from=\"response_cache\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(now.since(before, "periodview_answers_total", "source=\"owner\""))
                .isEqualTo(5);
        assertThat(now.since(before, "periodview_rows_served_total", "source=\"owner\""))
                .isEqualTo(3);
        assertThat(now.since(before, "periodview_position_wait_seconds_count", "outcome=\"late\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(now.sum("periodview_memory_bytes", "of=\"response_cache\"")).isPositive();
        assertThat(now.sum("periodview_open_iterators")).isZero();
    }

    @Test
    void forwardedRequestsAndStandbyAnswersAreCounted() throws InterruptedException {
        Team team = service.newTeamOwnedBy(service.second());
        Scrape before = Scrape.of(service.first());
        assertThat(team.get("/periods").status()).isEqualTo(200);
        assertThat(team.get("/periods", ViewHeaders.FORWARDED + ": standby").status())
                .isEqualTo(200);
        Scrape now = Scrape.of(service.first());
        assertThat(now.since(before, "periodview_forwarded_total", "as=\"owner\"", "outcome=\"answered\""))
                .isEqualTo(1);
        assertThat(now.since(before, "periodview_answers_total", "source=\"standby\""))
                .isEqualTo(1);
        assertThat(now.sum("periodview_standby_lag_records")).isNotNegative();
    }
}
