package io.periodview.cli.serve;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.Callable;

/** Reads a large period over and over; every answer must show one state of it, completely. One thread reads. */
final class PeriodReader implements Callable<Integer> {

    private final HttpRequest request;
    /** How many actions the period has, by its name. */
    private final Map<String, Integer> states;

    private volatile boolean stopped;

    PeriodReader(int port, String key, Map<String, Integer> states) {
        this.request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/periods/1/actions"))
                .header("Authorization", "Bearer " + key)
                .build();
        this.states = states;
    }

    void stop() {
        stopped = true;
    }

    /** Returns how many answers it has checked. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        HttpClient http = HttpClient.newHttpClient();
        int answers = 0;
        while (!stopped) {
            var answer = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = new BufferedInputStream(answer.body(), 1 << 20)) {
                if (answer.statusCode() == 200) {
                    check(body);
                    answers++;
                } else {
                    body.readAllBytes();
                    assertThat(answer.statusCode())
                            .as("between deletion and creation")
                            .isEqualTo(404);
                }
            }
        }
        return answers;
    }

    private void check(InputStream body) throws IOException {
        byte[] row = "{\"periodId\":1,\"periodName\":\"".getBytes(US_ASCII);
        String state = null;
        int rows = 0;
        int matched = 0;
        for (int next = body.read(); next >= 0; next = body.read()) {
            matched = next == row[matched] ? matched + 1 : next == row[0] ? 1 : 0;
            if (matched == row.length) {
                String name = upToQuote(body);
                assertThat(state == null || state.equals(name))
                        .as("%s and %s in one answer", state, name)
                        .isTrue();
                state = name;
                rows++;
                matched = 0;
            }
        }
        assertThat(rows).as("actions of \"%s\"", state).isEqualTo(states.get(state));
    }

    private static String upToQuote(InputStream body) throws IOException {
        StringBuilder name = new StringBuilder();
        for (int next = body.read(); next != '"'; next = body.read()) {
            name.append((char) next);
        }
        return name.toString();
    }
}
