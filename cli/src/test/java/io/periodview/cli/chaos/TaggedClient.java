package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps every answer that it ever had, and asks with its ETag now and then: whoever says 304 says that this is
 * the answer. Not thread-safe.
 */
final class TaggedClient {

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Random random;
    /** By team and path. */
    private final Map<String, List<Kept>> kept = new TreeMap<>();

    private record Kept(String tag, JsonNode body) {}

    /**
     * @param status 304 is told as the 200 or 404 that it stands for; 0 without an answer
     * @param body missing if there is no such period, or no answer
     * @param of for a person: whose answer it is, and its headers
     */
    record Answer(int status, JsonNode body, String of) {

        boolean isAnswer() {
            return status == 200 || status == 404;
        }

        boolean isStandby() {
            return of.contains("view-source=[standby]");
        }
    }

    TaggedClient(long seed) {
        this.random = new Random(seed);
    }

    /** @param key of the team */
    Answer ask(int port, String key, long team, String path, String... headers) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(8))
                .header("Authorization", "Bearer " + key);
        if (headers.length > 0) {
            request.headers(headers);
        }
        List<Kept> before = Objects.requireNonNull(kept.computeIfAbsent(team + path, unknown -> new ArrayList<>()));
        Kept asked = before.isEmpty() || random.nextInt(3) == 0 ? null : before.get(random.nextInt(before.size()));
        if (asked != null) {
            request.header("If-None-Match", asked.tag());
        }
        try {
            return answer(http.send(request.build(), BodyHandlers.ofString(UTF_8)), asked, before);
        } catch (IOException nobody) {
            return new Answer(0, MissingNode.getInstance(), nobody.toString());
        }
    }

    private static Answer answer(HttpResponse<String> response, @Nullable Kept asked, List<Kept> before) {
        String of = response.statusCode() + " " + response.headers().map();
        if (response.statusCode() == 304 && asked != null) {
            return new Answer(200, asked.body(), of);
        }
        if (response.statusCode() == 200) {
            JsonNode body = ReferenceView.parse(response.body());
            response.headers().firstValue("ETag").ifPresent(tag -> {
                if (before.stream().noneMatch(each -> each.tag().equals(tag))) {
                    before.add(new Kept(tag, body));
                }
            });
            return new Answer(200, body, of);
        }
        return new Answer(response.statusCode(), MissingNode.getInstance(), of + " " + response.body());
    }
}
