package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.ApiReader;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.InstanceProcess;
import io.periodview.cli.ViewCheck;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Forty events and a hundred reads a second, as producers and clients make them. Each read finds the team's number, so how
 * stale each answer is is known, and whether what it says of itself is true. Half of the reads have an answer already and
 * ask whether it has changed. Thread-safe.
 */
final class Traffic implements AutoCloseable {

    /** Of either kind. */
    private static final int EVENTS_PER_SECOND = 20;

    private static final int READS_PER_SECOND = 100;
    /** After which a client gives up. */
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Numbers numbers = new Numbers();
    private final TrafficEvents events;
    private final Map<Long, String> keys = new TreeMap<>();
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final ExecutorService readers = Executors.newFixedThreadPool(64);
    private final List<InstanceProcess> targets = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Read> reads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();

    /**
     * @param stale how long before the request an event was acknowledged that the answer does not show; 0 if it shows all
     * @param kept a 304: what the client had is still so
     * @param took from the request to the answer
     */
    record Read(long at, Duration stale, boolean standby, boolean kept, Duration took) {}

    Traffic(long seed, String bootstrapServers, int partitions, InProcessCommandLine commandLine) {
        events = new TrafficEvents(seed, bootstrapServers, partitions, numbers);
        for (long team : events.teams()) {
            keys.put(team, commandLine.result("keys", "create", "--team", "" + team, "--name", "traffic"));
        }
    }

    TrafficEvents events() {
        return events;
    }

    void start() {
        clock.scheduleAtFixedRate(this::writeNext, 0, 1_000_000 / EVENTS_PER_SECOND, TimeUnit.MICROSECONDS);
        clock.scheduleAtFixedRate(
                () -> readers.execute(this::readNext), 0, 1_000_000 / READS_PER_SECOND, TimeUnit.MICROSECONDS);
    }

    private void writeNext() {
        try {
            events.writeNext();
        } catch (ExecutionException | RuntimeException e) {
            failures.add("write: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Compares every period of every team with the reference, through each of the instances that clients ask, as soon as
     * they show what was published. Nothing is published meanwhile.
     */
    void compare(Duration timeout) {
        events.compare(reference -> {
            for (InstanceProcess instance : targets) {
                Map<Long, ApiReader> clients = new TreeMap<>();
                keys.forEach((team, key) -> clients.put(team, ApiReader.at(instance.port(), key)));
                ViewCheck check = new ViewCheck(reference, clients, RandomHistory.formFieldNames());
                await().atMost(timeout)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(
                                () -> assertThat(check.compare(new IdLedger()).periodActions())
                                        .as("through %s", instance)
                                        .isPositive());
            }
        });
    }

    private void readNext() {
        List<InstanceProcess> now = List.copyOf(targets);
        if (now.isEmpty()) {
            return;
        }
        Random random = ThreadLocalRandom.current();
        InstanceProcess instance = now.get(random.nextInt(now.size()));
        long team = events.teams().get(random.nextInt(events.teams().size()));
        long start = System.nanoTime();
        Numbers.Tagged kept = random.nextBoolean() ? numbers.tagged(team, random) : null;
        try {
            HttpResponse<String> response =
                    kept == null ? get(instance, team) : get(instance, team, "If-None-Match", kept.tag());
            boolean isKept = response.statusCode() == 304;
            long shown = isKept && kept != null ? kept.number() : shown(response);
            if (shown < 0) {
                fail(instance, response.statusCode() + " " + response.body() + " after " + millisSince(start) + " ms");
                return;
            }
            String untrue = numbers.untrue(team, response.headers(), shown, "actions");
            if (untrue != null) {
                failures.add(instance + ": " + response.statusCode() + ", team " + team + ": " + untrue);
            }
            numbers.keep(team, response, shown);
            boolean standby =
                    response.headers().firstValue("View-Source").orElse("").equals("standby");
            reads.add(new Read(
                    start,
                    numbers.staleness(team, shown, start),
                    standby,
                    isKept,
                    Duration.ofNanos(System.nanoTime() - start)));
        } catch (IOException e) {
            fail(instance, e + " after " + millisSince(start) + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A failure at an instance that was just told to stop does not count. */
    private void fail(InstanceProcess instance, String what) {
        if (targets.contains(instance)) {
            failures.add(instance + ": " + what);
        }
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    HttpResponse<String> get(InstanceProcess instance, long team, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + instance.port() + "/periods/" + TrafficEvents.COUNTED + "/actions"))
                .timeout(TIMEOUT.plusSeconds(30))
                .header("Authorization", "Bearer " + keys.get(team));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static long shown(HttpResponse<String> response) {
        return Numbers.shown(response);
    }

    /** Has clients ask this instance, too. */
    void include(InstanceProcess instance) {
        targets.add(instance);
    }

    /** As a load balancer does that is told so. */
    void exclude(InstanceProcess instance) {
        targets.remove(instance);
    }

    /** Forgets the reads so far. */
    void mark() {
        reads.clear();
    }

    List<Read> reads() {
        return List.copyOf(reads);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        readers.shutdownNow();
        events.close();
    }
}
