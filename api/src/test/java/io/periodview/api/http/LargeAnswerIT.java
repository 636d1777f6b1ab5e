package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An answer far beyond what is buffered in memory. */
class LargeAnswerIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    private static final int ACTIONS = 8_000;
    private static final int STALLED = 4;
    private static final String TARGET = "/periods/1/actions?form_fields=%5B%22text%22,%22number%22%5D";

    private static Client client;

    /** Has the period 1 with all actions, and 2 with the last. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        client = service.client();
        team = service.newTeam();
        List<Event> events = new ArrayList<>();
        events.add(team.period(1, "{'name':'all','start_date':'2024-01-01T00:00Z'}"));
        String text = "'text':'" + "größer ".repeat(350) + "'";
        for (int i = 1; i <= ACTIONS; i++) {
            events.add(team.action(
                    i,
                    "{'createdTime':'2024-01-" + (i == ACTIONS ? "02" : "01") + "T00:00Z','formFields':{" + text
                            + (i % 2 == 0 ? ",'number':" + i : "") + "}}"));
        }
        events.add(team.period(2, "{'name':'last','start_date':'2024-01-02T00:00Z'}"));
        team.publish(events.toArray(Event[]::new));
        // The period 2 is the last of its topic, and its action of the other: all events are applied then.
        await().atMost(RunningService.TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> team.get("/periods/2/actions").text().contains("\"actionId\":" + ACTIONS));
    }

    /** So that it need not be compared with the reference once more. */
    @AfterAll
    static void delete() throws InterruptedException {
        team.show(team.deletedPeriod(1));
    }

    @Test
    void itIsCompletePlainAndCompressed() throws IOException {
        Reply plain = client.send("GET", request(""));
        assertThat(plain.status()).isEqualTo(200);
        assertThat(plain.body().length).isGreaterThan(24_000_000);
        assertThat(plain.header("Content-Length")).hasValue(Integer.toString(plain.body().length));
        JsonNode expected = team.expectedActions(1, List.of("text", "number"));
        assertThat(new IdLedger().withoutIds(team.id(), 1, plain.json()).equals(expected))
                .as("the answer is the reference's")
                .isTrue();

        Reply gzipped = client.send("GET", request("Accept-Encoding: gzip\r\n"));
        assertThat(gzipped.header("Content-Encoding")).hasValue("gzip");
        assertThat(gzipped.body().length).isLessThan(plain.body().length / 3);
        assertThat(gzipped.content()).isEqualTo(plain.body());
        awaitNoFile();
    }

    @Test
    void stalledClientsTakeDiskInsteadOfHeap() throws IOException {
        client.send("GET", request("")); // fills the caches
        List<Socket> stalled = new ArrayList<>();
        try {
            long before = usedHeap();
            for (int i = 0; i < STALLED; i++) {
                Socket socket = client.connect(4_096);
                stalled.add(socket);
                socket.getOutputStream().write(request(""));
                assertThat(socket.getInputStream().read()).isEqualTo('H'); // all of it is buffered
            }
            assertThat(usedHeap() - before).isLessThan(STALLED * 10_000_000L);
        } finally {
            for (Socket socket : stalled) {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
        awaitNoFile();
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] request(String headers) {
        return ("GET " + TARGET + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + team.key()
                        + "\r\n" + headers + "\r\n")
                .getBytes(UTF_8);
    }

    /** The temporary files of answers go with them. */
    private static void awaitNoFile() {
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            try (var files = Files.list(service.stateDirectory(service.first()).resolve("responses"))) {
                return files.findAny().isEmpty();
            }
        });
    }
}
