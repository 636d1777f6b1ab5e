package io.periodview.api.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Somebody who reads all the time, from any instance, and notes every answer that should not be. Thread-safe. */
final class Watcher implements Runnable {

    private static final int PERIODS = 7;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private final Random random;
    private final List<Integer> ports;
    private final Map<Long, String> keys;
    /** Of the teams that nobody changes: the only answers there may be. */
    private final Map<Long, String> stable;

    private final AtomicBoolean stopped = new AtomicBoolean();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();

    /** @param keys of the API, by team */
    Watcher(long seed, List<Integer> ports, Map<Long, String> keys, Map<Long, String> stable) {
        this.random = new Random(seed);
        this.ports = ports;
        this.keys = keys;
        this.stable = stable;
    }

    void stop() {
        stopped.set(true);
    }

    List<String> violations() {
        return violations;
    }

    /** How often there was which; 0 is none. */
    Map<Integer, Integer> statuses() {
        return statuses;
    }

    @Override
    public void run() {
        List<Long> changing =
                keys.keySet().stream().filter(team -> !stable.containsKey(team)).toList();
        List<Long> unchanging = List.copyOf(stable.keySet());
        try {
            while (!stopped.get() && violations.size() < 10) {
                long period = 1 + random.nextInt(PERIODS);
                switch (random.nextInt(3)) {
                    case 0 -> ask(one(changing), "/periods");
                    case 1 -> ask(one(changing), "/periods/" + period + "/actions");
                    default -> ask(one(unchanging), "/periods/1/actions");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void ask(long team, String path) throws InterruptedException {
        int port = one(ports);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(2))
                .header("Authorization", "Bearer " + keys.get(team))
                .build();
        int status = 0;
        try {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString(UTF_8));
            status = answer.statusCode();
            String problem = problem(team, path, answer);
            if (problem != null) {
                violations.add("port " + port + ", team " + team + ", " + path + ": " + problem);
            }
        } catch (IOException nobody) {
            // down, frozen, or cut off: the client can tell
        }
        statuses.merge(status, 1, Integer::sum);
    }

    private @Nullable String problem(long team, String path, HttpResponse<String> answer) {
        String body = answer.body();
        return switch (answer.statusCode()) {
            case 200 -> {
                String expected = stable.get(team);
                if (expected != null) {
                    yield expected.equals(body) ? null : "was " + expected + " and is " + body;
                }
                JsonNode json = ReferenceView.parse(body);
                yield path.equals("/periods") ? wrongPeriods(json) : wrongActions(json);
            }
            case 404 -> stable.containsKey(team) || path.equals("/periods") ? "404 " + body : null;
            case 503 -> null;
            default -> answer.statusCode() + " " + body;
        };
    }

    private static @Nullable String wrongPeriods(JsonNode json) {
        Set<Long> ids = new HashSet<>();
        String before = "";
        for (JsonNode period : json.get("periods")) {
            // Times of one form and one length sort as texts.
            String now = period.get("start_date").asText()
                    + String.format("%20d", period.get("id").asLong());
            if (!ids.add(period.get("id").asLong()) || now.compareTo(before) <= 0) {
                return "twice or out of order: " + json;
            }
            before = now;
        }
        return null;
    }

    private static @Nullable String wrongActions(JsonNode json) {
        Set<Long> actions = new HashSet<>();
        Set<Long> ids = new HashSet<>();
        String before = "";
        for (JsonNode action : json.get("actions")) {
            String now = action.get("createdTime").asText()
                    + String.format("%20d", action.get("actionId").asLong());
            if (!actions.add(action.get("actionId").asLong())
                    || !ids.add(action.get("periodActionId").asLong())
                    || now.compareTo(before) <= 0) {
                return "twice or out of order: " + json;
            }
            before = now;
        }
        return null;
    }
}
