package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.periodview.api.Instance;
import io.periodview.api.cli.CommandLineRunner;
import io.periodview.api.status.Setting;
import io.periodview.testkit.Event;
import io.periodview.topics.TeamPartitioner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What operators are told of two instances that share the partitions. */
class AdminIT {

    private static final List<Long> TEAMS =
            LongStream.rangeClosed(1, 12).boxed().toList();
    private static final String ACTIONS = "/periods/1/actions";

    @TempDir
    static Path directory;

    private static RunningService service;
    private static Instance first;
    private static Instance second;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        service = RunningService.start(directory);
        first = service.startInstance(1);
        second = service.startInstance(1);
        RunningService.awaitReady(first, second);
        await().atMost(RunningService.PATIENCE).untilAsserted(() -> {
            for (Instance each : List.of(first, second)) {
                Scrape scrape = Scrape.of(each);
                assertThat(scrape.sum("periodview_partitions", "role=\"owner\""))
                        .isEqualTo(2);
                assertThat(scrape.sum("periodview_partitions", "role=\"standby\""))
                        .isEqualTo(2);
            }
        });
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void metricsAreWhatPrometheusTakes() throws Exception {
        Scrape scrape = Scrape.of(first);
        scrape.isWellFormed();
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

    /** Dashboards and alerts are made from this list. */
    @Test
    void everyMetricThatIsDocumentedIsThere() throws IOException {
        String text = Scrape.of(first).text();
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
    void eventsCount() throws InterruptedException {
        long team = teamOf(first);
        Scrape before = Scrape.of(first);
        Scrape beforeOther = Scrape.of(second);
        service.show(first, service.period(team, 1, "{'name':'P','start_date':'2024-01-01T00:00Z'}"));
        service.publishRaw("periods", team + "/2", "{");
        Event misplaced = service.action(team, 1, "{'createdTime':'2024-01-10T00:00Z'}");
        int partition = TeamPartitioner.partitionOf(team, RunningService.PARTITIONS);
        service.publishTo((partition + 1) % RunningService.PARTITIONS, misplaced);
        service.awaitShown(first, team);
        await().atMost(RunningService.PATIENCE).untilAsserted(() -> {
            Scrape now = Scrape.of(first);
            assertThat(grown(before, now, "periodview_events_applied_total")).isGreaterThanOrEqualTo(2);
            assertThat(grown(before, now, "periodview_events_rejected_total", "code=\"malformed-json\""))
                    .isEqualTo(1);
            assertThat(grown(before, now, "periodview_event_visible_seconds_count"))
                    .isGreaterThanOrEqualTo(2);
            assertThat(grown(before, now, "periodview_events_rerouted_total")
                            + grown(beforeOther, Scrape.of(second), "periodview_events_rerouted_total"))
                    .isEqualTo(1);
            assertThat(now.sum("periodview_partition_lag_events", "topic=\"periods\""))
                    .isZero();
        });
    }

    @Test
    void readsCount() throws InterruptedException {
        long team = teamOf(second);
        service.show(second, service.period(team, 1, "{'name':'P','start_date':'2024-01-01T00:00Z'}"));
        service.show(second, service.action(team, 1, "{'createdTime':'2024-01-10T00:00Z'}"));
        Scrape before = Scrape.of(second);
        Client client = new Client(second.port());
        String key = service.key(team);
        String etag = client.get(key, ACTIONS).header("ETag").orElseThrow();
        client.get(key, ACTIONS);
        client.get(key, ACTIONS);
        client.get(key, ACTIONS, "If-None-Match: " + etag);
        client.get(key, "/periods/2/actions");
        client.get(key, "/nothing/" + team);
        client.ask("BREW", key, "/periods");
        String far = "periods-" + TeamPartitioner.partitionOf(team, RunningService.PARTITIONS) + "@1000000";
        assertThat(client.get(key, ACTIONS, "View-At-Least: " + far, "Prefer: wait=1")
                        .status())
                .isEqualTo(503);

        await().atMost(RunningService.PATIENCE)
                .untilAsserted(
                        () -> { // counted when it is answered
                            Scrape now = Scrape.of(second);
                            String actions = "route=\"/periods/{period_id}/actions\"";
                            assertThat(grown(
                                            before,
                                            now,
                                            "http_server_requests_seconds_count",
                                            actions,
                                            "status=\"200\""))
                                    .isEqualTo(3);
                            assertThat(now.sum("http_server_requests_seconds_count", actions, "status=\"304\""))
                                    .isGreaterThanOrEqualTo(1);
                            assertThat(now.sum(
                                            "http_server_requests_seconds_count", "route=\"other\"", "status=\"404\""))
                                    .isGreaterThanOrEqualTo(1);
                            assertThat(now.sum(
                                            "http_server_requests_seconds_count", "method=\"other\"", "status=\"405\""))
                                    .isGreaterThanOrEqualTo(1);
                        });
        Scrape now = Scrape.of(second);
        assertThat(now.text()).doesNotContain("/nothing", "BREW");
        assertThat(grown(before, now, "periodview_answers_total", "from=\"client\""))
                .isEqualTo(1);
        assertThat(grown(before, now, "periodview_answers_total", "from=\"none\""))
                .isEqualTo(1);
        assertThat(grown(before, now, "periodview_answers_total", "from=\"kept\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(grown(before, now, "periodview_answers_total", "source=\"owner\""))
                .isEqualTo(5);
        assertThat(grown(before, now, "periodview_rows_served_total", "source=\"owner\""))
                .isEqualTo(3);
        assertThat(grown(before, now, "periodview_position_wait_seconds_count", "outcome=\"late\""))
                .isGreaterThanOrEqualTo(1);
        assertThat(now.sum("periodview_memory_bytes", "of=\"kept\"")).isPositive();
        assertThat(now.sum("periodview_open_iterators")).isZero();
    }

    @Test
    void whatIsSentOnAndWhatStandbysAnswerCounts() throws InterruptedException {
        long team = teamOf(second);
        String key = service.key(team);
        Scrape before = Scrape.of(first);
        assertThat(new Client(first.port()).get(key, "/periods").status()).isEqualTo(200);
        assertThat(new Client(first.port())
                        .get(key, "/periods", Forwarder.MARK + ": standby")
                        .status())
                .isEqualTo(200);
        Scrape now = Scrape.of(first);
        assertThat(grown(before, now, "periodview_forwarded_total", "as=\"owner\"", "outcome=\"answered\""))
                .isEqualTo(1);
        assertThat(grown(before, now, "periodview_answers_total", "source=\"standby\""))
                .isEqualTo(1);
        assertThat(now.sum("periodview_standby_lag_records")).isNotNegative();
    }

    @Test
    void statusSaysWhoHoldsWhat() {
        JsonNode status = admin(first, "GET", "/status", null).json();
        valid("Status", status);
        assertThat(status.at("/instance/ready").asBoolean()).isTrue();
        assertThat(status.get("instances")).hasSize(2);
        Set<Integer> owned = new TreeSet<>();
        status.get("instances").forEach(each -> each.get("owns").forEach(number -> owned.add(number.asInt())));
        assertThat(owned).hasSize(RunningService.PARTITIONS);
        assertThat(status.get("partitions").findValuesAsText("partition"))
                .as("%s", status)
                .containsExactly("0", "1", "2", "3");
        for (JsonNode partition : status.get("partitions")) {
            boolean here = partition.get("owner").asText().endsWith(":" + first.port());
            assertThat(partition.at("/here/role").asText()).isEqualTo(here ? "owner" : "standby");
            assertThat(partition.get("standbys")).hasSize(1);
        }
        assertThat(status.get("topology").asText()).contains("dead-letters");
    }

    @Test
    void theCommandShowsIt() {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLineRunner runner = new CommandLineRunner(Map.of(), new PrintWriter(out), new PrintWriter(err));
        assertThat(runner.run("status", "--admin", "http://127.0.0.1:" + first.adminPort() + "/", "--topology"))
                .as("%s", err)
                .isZero();
        assertThat(out.toString())
                .contains("health     live; ready")
                .containsPattern("127\\.0\\.0\\.1:" + first.port() + " \\(asked\\) +\\d")
                .containsPattern("(?m)^3 +127\\.0\\.0\\.1:\\d+ +127\\.0\\.0\\.1:\\d+ +(owner|standby) ")
                .contains("Sub-topology");
        assertThat(runner.run("status", "--admin", "127.0.0.1:" + first.port())).isEqualTo(1);
        assertThat(err.toString()).contains("answers 404", "admin port");
    }

    @Test
    void anInstanceThatStartsSaysSo() throws Exception {
        try (Instance starting = Instance.open("127.0.0.1", 0, 0)) {
            assertThat(admin(starting, "GET", "/health/live", null).status()).isEqualTo(200);
            Reply ready = admin(starting, "GET", "/health/ready", null);
            assertThat(ready.status()).isEqualTo(503);
            valid("NotHealthy", ready.json());
            assertThat(ready.json().get("message").asText()).isEqualTo("Starting.");
            JsonNode status = admin(starting, "GET", "/status", null).json();
            valid("Status", status);
            assertThat(status.at("/instance/state").asText()).isEqualTo("STARTING");
            Scrape scrape = Scrape.of(starting);
            scrape.isWellFormed();
            assertThat(scrape.sum("periodview_ready")).isZero();
        }
    }

    /** Asked while a reader's wait holds up the end. */
    @Test
    void anInstanceThatStopsIsLiveAndNotReadyAndShowsNoSecrets() throws Exception {
        try (RunningService alone = RunningService.start(Files.createDirectory(directory.resolve("alone")))) {
            Instance stopping = alone.startInstance(
                    List.of(Setting.ofKafka("ssl.key.password", "s3cret"), Setting.ofKafka("linger.ms", 7)));
            RunningService.awaitReady(stopping);
            JsonNode status = admin(stopping, "GET", "/status", null).json();
            valid("Status", status);
            assertThat(status.get("settings"))
                    .hasToString("[{\"name\":\"--kafka ssl.key.password\",\"value\":null},"
                            + "{\"name\":\"--kafka linger.ms\",\"value\":\"7\"}]");

            String key = alone.key(1);
            Client client = new Client(stopping.port());
            await().atMost(RunningService.PATIENCE)
                    .until(() -> client.get(key, "/periods").status() == 200);
            String far = "periods-" + TeamPartitioner.partitionOf(1, RunningService.PARTITIONS) + "@1000000";
            CompletableFuture<Reply> waiting = CompletableFuture.supplyAsync(
                    () -> client.get(key, "/periods", "View-At-Least: " + far, "Prefer: wait=4"));
            await().atMost(RunningService.PATIENCE)
                    .until(() -> Scrape.of(stopping).sum("periodview_waiting_requests", "for=\"position\"") == 1);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(stopping::close);
            await().atMost(Duration.ofSeconds(3)).untilAsserted(() -> {
                Reply ready = admin(stopping, "GET", "/health/ready", null);
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.json().get("message").asText()).isEqualTo("Stopping.");
            });
            assertThat(admin(stopping, "GET", "/health/live", null).status()).isEqualTo(200);
            assertThat(Scrape.of(stopping).sum("periodview_ready")).isZero();
            assertThat(waiting.join().status()).isEqualTo(503);
            closing.join();
        }
    }

    @Test
    void levelsOfLoggersAreChangedAndResetWhileItRuns() {
        String path = "/loggers/io.periodview.AdminIT";
        assertThat(admin(first, "GET", path, null).status()).isEqualTo(404);
        for (String method : List.of("PUT", "POST")) {
            JsonNode changed =
                    admin(first, method, path, "{\"level\":\"debug\"}").json();
            valid("Logger", changed);
            assertThat(changed.get("effectiveLevel").asText()).isEqualTo("DEBUG");
        }
        assertThat(LoggerFactory.getLogger("io.periodview.AdminIT").isDebugEnabled())
                .isTrue();
        assertThat(admin(first, "GET", "/loggers", null).text()).contains("io.periodview.AdminIT", "\"ROOT\"");
        admin(first, "PUT", path, "{\"level\":null}");
        assertThat(admin(first, "GET", path, null).json().get("level").isNull()).isTrue();
        assertThat(LoggerFactory.getLogger("io.periodview.AdminIT").isDebugEnabled())
                .isFalse();
        for (String wrong :
                List.of("", "{", "[]", "{}", "{\"level\":\"LOUD\"}", "{\"level\":1}", "{\"level\":null}}")) {
            Reply refused = admin(first, "PUT", path, wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            valid("Error", refused.json());
        }
        assertThat(admin(first, "DELETE", path, null).header("Allow")).hasValue("GET, HEAD, POST, PUT");
        assertThat(admin(first, "POST", "/status", "{}").header("Allow")).hasValue("GET, HEAD");
    }

    private static double grown(Scrape before, Scrape now, String name, String... labels) {
        return now.sum(name, labels) - before.sum(name, labels);
    }

    /** A team whose partition this instance owns. */
    private static long teamOf(Instance instance) {
        for (JsonNode each : admin(instance, "GET", "/status", null).json().get("partitions")) {
            if (each.at("/here/role").asText().equals("owner")) {
                int partition = each.get("partition").asInt();
                return TEAMS.stream()
                        .filter(team -> TeamPartitioner.partitionOf(team, RunningService.PARTITIONS) == partition)
                        .findFirst()
                        .orElseThrow();
            }
        }
        throw new AssertionError("It owns nothing");
    }

    private static Reply admin(Instance instance, String method, String path, @Nullable String body) {
        String request = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (body == null ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                + (body == null ? "" : body);
        return new Client(instance.adminPort()).send(method, request.getBytes(UTF_8));
    }

    private static void valid(String schema, JsonNode answer) {
        JsonNode document;
        try (InputStream file = AdminIT.class.getResourceAsStream("/io/periodview/api/admin.yaml")) {
            document = new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new AssertionError("admin.yaml", e);
        }
        String text = "{\"$ref\":\"#/components/schemas/" + schema + "\",\"components\":{\"schemas\":"
                + document.at("/components/schemas") + "}}";
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text, InputFormat.JSON)
                        .validate(answer.toString(), InputFormat.JSON))
                .as("%s", answer)
                .isEmpty();
    }
}
