package io.periodview.api.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.periodview.api.cli.ApiReader;
import io.periodview.api.cli.CommandLineProcess;
import io.periodview.api.cli.FreePorts;
import io.periodview.api.cli.InProcessCommandLine;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code period-view dev} as a person starts and stops it. */
class DevIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern READY = Pattern.compile("ready (http://127\\.0\\.0\\.1:\\d+) key=(pv_\\S+)");
    private static final Duration AT_ONCE = Duration.ofSeconds(20);
    private static final List<Long> SAMPLE_TEAMS = List.of(1L, 2L, 3L);

    /** Where the process makes its temporary files, and nobody else. */
    @TempDir
    Path temporary;

    @TempDir
    Path data;

    private final int port = FreePorts.next(2);
    private final int adminPort = FreePorts.next(2);
    private final int brokerPort = FreePorts.next();

    @Test
    void printsWhereToReadASampleThatKeepsChangingAndLeavesNothingAtSigterm() throws Exception {
        try (CommandLineProcess dev = dev()) {
            String ready = dev.awaitOut("ready");
            assertThat(ready).startsWith("ready http://127.0.0.1:" + port + " key=");
            ApiReader reader = reader(ready);
            assertThat(dev.awaitOut("curl"))
                    .contains(ready.replaceFirst(".*key=", ""), "127.0.0.1:" + port + "/periods");
            assertThat(dev.out()).hasSize(2);
            List<ProcessHandle> broker = dev.children();
            assertThat(broker).hasSize(1);

            await().atMost(PATIENCE).until(() -> !rows(reader).isEmpty());
            Map<String, JsonNode> before = rows(reader);
            await().atMost(PATIENCE).until(() -> !rows(reader).equals(before));

            dev.signal("TERM");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
            awaitEnd(broker);
            assertThat(files(temporary)).isEmpty();
            assertThat(dev.err()).as("nothing to worry about").noneMatch(line -> line.contains(" ERROR "));
        }
    }

    @Test
    void killedItLeavesNoBrokerAndNoFiles() throws Exception {
        try (CommandLineProcess dev = dev("--no-sample")) {
            assertThat(dev.awaitOut("ready")).isEqualTo("ready http://127.0.0.1:" + port);
            assertThat(ApiReader.at(port, null).get("/periods").statusCode()).isEqualTo(401);
            List<ProcessHandle> broker = dev.children();
            assertThat(broker).hasSize(1);

            dev.signal("KILL");
            dev.awaitExit();
            awaitEnd(broker);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(files(temporary)).isEmpty());
        }
    }

    @Test
    void withoutInstancesItIsTheBrokerAndTheTopics() throws Exception {
        try (CommandLineProcess dev = dev("--instances", "0")) {
            assertThat(dev.awaitOut("ready")).isEqualTo("ready broker 127.0.0.1:" + brokerPort);
            assertThat(ApiReader.at(port, null).status("/periods"))
                    .as("nobody is there")
                    .isZero();
            assertThat(commandLine().result("topics")).isNotEmpty();
            assertThat(commandLine().result("keys", "create", "--team", "7", "--name", "me"))
                    .startsWith("pv_");
            List<ProcessHandle> broker = dev.children();

            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
            awaitEnd(broker);
            assertThat(files(temporary)).isEmpty();
        }
    }

    @Test
    void everyInstanceAnswersForEveryTeam() throws Exception {
        try (CommandLineProcess dev = dev("--instances", "2", "--log-format", "json")) {
            dev.awaitOut("ready");
            for (int instance = 0; instance < 2; instance++) {
                for (ApiReader reader :
                        commandLine().readers(port + instance, SAMPLE_TEAMS).values()) {
                    await().atMost(PATIENCE)
                            .untilAsserted(
                                    () -> assertThat(reader.status("/periods")).isEqualTo(200));
                    await().atMost(PATIENCE).until(() -> !rows(reader).isEmpty());
                }
            }
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
            assertThat(files(temporary)).isEmpty();
            assertThat(dev.err()).isNotEmpty();
            for (String line : dev.err()) {
                assertThat(new ObjectMapper().readTree(line).get("logger").asText())
                        .as(line)
                        .isNotEmpty();
            }
        }
    }

    @Test
    void keptDataAreTheSameAfterARestart() throws Exception {
        String ready;
        Map<String, JsonNode> before;
        try (CommandLineProcess dev = dev("--data", data.toString())) {
            ready = dev.awaitOut("ready");
            ApiReader reader = reader(ready);
            await().atMost(PATIENCE).until(() -> !rows(reader).isEmpty());
            before = rows(reader);
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
        assertThat(data).isNotEmptyDirectory();
        try (CommandLineProcess dev = dev("--data", data.toString())) {
            assertThat(dev.awaitOut("ready")).isEqualTo(ready);
            Map<String, JsonNode> after = rows(reader(ready));
            assertThat(after.keySet())
                    .as("the sample changes, but not all of it")
                    .containsAnyElementsOf(before.keySet());
            after.forEach((stay, row) -> {
                JsonNode earlier = before.get(stay);
                if (earlier != null) {
                    assertThat(row.get("periodActionId")).as(stay).isEqualTo(earlier.get("periodActionId"));
                }
            });
            dev.signal("TERM");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAtOnce() throws Exception {
        try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                CommandLineProcess dev = dev()) {
            assertThat(dev.awaitExit(AT_ONCE)).isEqualTo(1);
            assertThat(dev.err()).singleElement().asString().contains(":" + port + " cannot be listened on", "--port");
            assertThat(dev.out()).isEmpty();
            assertThat(files(temporary)).isEmpty();
            assertThat(other.isBound()).isTrue();
        }
    }

    @Test
    void soIsTheBrokersPort() throws Exception {
        try (ServerSocket other = new ServerSocket(brokerPort, 1, InetAddress.getLoopbackAddress());
                CommandLineProcess dev = dev()) {
            assertThat(dev.awaitExit(AT_ONCE)).isEqualTo(1);
            assertThat(dev.err()).singleElement().asString().contains(" " + brokerPort + " ", "--broker-port");
            assertThat(dev.out()).isEmpty();
            assertThat(files(temporary)).isEmpty();
            assertThat(other.isBound()).isTrue();
        }
    }

    private CommandLineProcess dev(String... options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("dev"));
        arguments.addAll(
                List.of("--port", "" + port, "--admin-port", "" + adminPort, "--broker-port", "" + brokerPort));
        arguments.addAll(List.of(options));
        return CommandLineProcess.start(temporary, arguments.toArray(String[]::new));
    }

    private InProcessCommandLine commandLine() {
        return new InProcessCommandLine("127.0.0.1:" + brokerPort, "");
    }

    private static ApiReader reader(String readyLine) {
        Matcher ready = READY.matcher(readyLine);
        assertThat(ready.matches()).as(readyLine).isTrue();
        return new ApiReader(ready.group(1), ready.group(2));
    }

    /** Every period action of the reader's team, by its period and action. */
    private static Map<String, JsonNode> rows(ApiReader reader) throws IOException, InterruptedException {
        Map<String, JsonNode> rows = new TreeMap<>();
        for (JsonNode period : reader.json("/periods").get("periods")) {
            long id = period.get("id").asLong();
            HttpResponse<String> actions = reader.get(ApiReader.actions(id, null));
            if (actions.statusCode() != 404) { // it may have been deleted meanwhile
                assertThat(actions.statusCode()).as(actions.body()).isEqualTo(200);
                for (JsonNode action : ReferenceView.parse(actions.body()).get("actions")) {
                    rows.put("period " + id + ", action " + action.get("actionId"), action);
                }
            }
        }
        return rows;
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        await().atMost(PATIENCE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
}
