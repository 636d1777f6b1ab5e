package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An answer far beyond what is gathered in memory. */
class LargeAnswerIT {

    private static final long TEAM = 7;
    private static final int ACTIONS = 30_000;
    private static final int STALLED = 4;
    private static final String TARGET = "/periods/1/actions?form_fields=%5B%22text%22,%22number%22%5D";

    @TempDir
    static Path directory;

    @Test
    void aLargeAnswerIsServedWholePlainAndCompressed() throws IOException, InterruptedException {
        try (RunningService service = RunningService.start(directory)) {
            Instance instance = service.startInstance(0);
            String key = service.key(TEAM);
            service.publish(events(service));
            Client client = new Client(instance.port());
            RunningService.awaitReady(instance);
            // The period 2 holds the last action only, and is the last period: both topics are read by then.
            await().atMost(RunningService.PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> client.get(key, "/periods/2/actions").text().contains("\"actionId\":" + ACTIONS)
                            && client.get(key, "/periods").json().get("periods").size() == 2);

            Reply plain = client.send("GET", request(key, ""));
            assertThat(plain.status()).isEqualTo(200);
            assertThat(plain.body().length).isGreaterThan(24_000_000);
            assertThat(plain.header("Content-Length")).hasValue(Integer.toString(plain.body().length));
            JsonNode expected = service.reference().actions(TEAM, 1, List.of("text", "number"));
            assertThat(new IdLedger().withoutIds(TEAM, 1, plain.json()).equals(expected))
                    .as("the answer is the reference's")
                    .isTrue();

            Reply gzipped = client.send("GET", request(key, "Accept-Encoding: gzip\r\n"));
            assertThat(gzipped.header("Content-Encoding")).hasValue("gzip");
            assertThat(gzipped.body().length).isLessThan(plain.body().length / 3);
            assertThat(gzipped.content()).isEqualTo(plain.body());
            assertHeapStaysFlat(client, request(key, ""));
            await().atMost(Duration.ofSeconds(20)).until(() -> noFileIsLeft());
        }
    }

    /** Readers who do not read hold their answers, all of them: on the disk. */
    private static void assertHeapStaysFlat(Client client, byte[] request) throws IOException {
        List<Socket> readers = new ArrayList<>();
        try {
            long before = usedHeap();
            for (int i = 0; i < STALLED; i++) {
                Socket reader = client.connect(4_096);
                readers.add(reader);
                reader.getOutputStream().write(request);
                assertThat(reader.getInputStream().read()).isEqualTo('H'); // it is gathered
            }
            assertThat(usedHeap() - before).isLessThan(STALLED * 10_000_000L);
        } finally {
            for (Socket reader : readers) {
                reader.setSoLinger(true, 0);
                reader.close();
            }
        }
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static byte[] request(String key, String headers) {
        return ("GET " + TARGET + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + key + "\r\n"
                        + headers + "\r\n")
                .getBytes(UTF_8);
    }

    private static List<Event> events(RunningService service) {
        List<Event> events = new ArrayList<>();
        events.add(service.period(TEAM, 1, "{'name':'all','start_date':'2024-01-01T00:00Z'}"));
        String text = "'text':'" + "größer ".repeat(50) + "'";
        for (int i = 1; i <= ACTIONS; i++) {
            events.add(service.action(
                    TEAM,
                    i,
                    "{'createdTime':'2024-01-" + (i == ACTIONS ? "02" : "01") + "T00:00Z','formFields':{" + text
                            + (i % 2 == 0 ? ",'number':" + i : "") + "}}"));
        }
        events.add(service.period(TEAM, 2, "{'name':'last','start_date':'2024-01-02T00:00Z'}"));
        return events;
    }

    private static boolean noFileIsLeft() throws IOException {
        try (var files = Files.list(directory.resolve("instance-1").resolve("answers"))) {
            return files.findAny().isEmpty();
        }
    }
}
