package io.periodview.api.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.cli.ApiReader;
import io.periodview.api.cli.InProcessCommandLine;
import io.periodview.api.cli.ViewCheck;
import io.periodview.testkit.Event;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Forty events and a hundred reads a second, as producers and clients make them. Half of the events set the status of a
 * team's first action to a number that grows, and each read says which number it shows: so every answer's staleness is
 * known, and whether what it says of itself is so. Half of the reads have an answer already and ask whether it still holds.
 * The other events are a random history of the teams' other periods and actions. Thread-safe.
 */
final class Traffic implements AutoCloseable {

    /** Of either kind. */
    private static final int EVENTS_PER_SECOND = 20;

    private static final int READS_PER_SECOND = 100;
    private static final int TEAMS = 12;
    private static final int TEAMS_OF_HISTORY = 3;
    /** The period and the action that are counted with; the history's have small numbers. */
    private static final long COUNTED = 1_000;

    /** A client's patience with any answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final int partitions;
    private final List<Long> teams;
    private final Map<Long, String> keys = new TreeMap<>();
    private final KafkaProducer<byte[], byte[]> producer;
    private final HttpClient http = HttpClient.newHttpClient();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final ExecutorService readers = Executors.newFixedThreadPool(64);
    private final List<Member> targets = new CopyOnWriteArrayList<>();
    private final Numbers numbers = new Numbers();
    private final ConcurrentLinkedQueue<Read> reads = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turn = new AtomicInteger();
    private long number;

    private final RandomHistory history;
    private final Random random;
    private final ReferenceView reference = new ReferenceView();
    /** Held while an event is on its way, and while nothing is to change. */
    private final ReentrantLock writing = new ReentrantLock();
    /** With timestamps of years ago the broker would compact events before they are read. */
    private final long beginning = System.currentTimeMillis();

    /**
     * @param stale how long before the request an event was acknowledged that the answer does not show; 0 if it shows all
     * @param kept a 304: what the client had is still so
     * @param took from the request to the answer
     */
    record Read(long at, Duration stale, boolean standby, boolean kept, Duration took) {}

    Traffic(long seed, String bootstrapServers, int partitions, InProcessCommandLine commandLine) {
        this.history = new RandomHistory(seed);
        this.random = new Random(seed);
        this.partitions = partitions;
        this.teams = teams(partitions);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
        for (long team : teams) {
            keys.put(team, commandLine.result("keys", "create", "--team", "" + team, "--name", "traffic"));
        }
    }

    /** As many teams in each partition. */
    private static List<Long> teams(int partitions) {
        List<Long> teams = new ArrayList<>();
        int[] perPartition = new int[partitions];
        for (long team = 1; teams.size() < TEAMS; team++) {
            int partition = TeamPartitioner.partitionOf(team, partitions);
            if (perPartition[partition] < TEAMS / partitions) {
                perPartition[partition]++;
                teams.add(team);
            }
        }
        return teams;
    }

    List<Long> teams() {
        return teams;
    }

    String key(long team) {
        return Objects.requireNonNull(keys.get(team));
    }

    /** Publishes every team's period and first action. */
    void publishFirst() throws ExecutionException, InterruptedException {
        for (long team : teams) {
            send(new Event(
                    "periods",
                    team + "/" + COUNTED,
                    beginning,
                    "{\"name\":\"P\",\"start_date\":\"2024-01-01T00:00Z\",\"end_date\":\"2024-02-01T00:00Z\"}"));
            write(team);
        }
    }

    /** Sets the team's first action to a new number. */
    RecordMetadata write(long team) throws ExecutionException, InterruptedException {
        long next = nextNumber();
        RecordMetadata at = send(new Event(
                "actions",
                team + "/" + COUNTED,
                beginning,
                "{\"createdTime\":\"2024-01-01T00:00Z\",\"status\":\"" + next + "\"}"));
        numbers.acknowledged(team, next, at);
        return at;
    }

    private synchronized long nextNumber() {
        return ++number;
    }

    private RecordMetadata send(Event event) throws ExecutionException, InterruptedException {
        synchronized (reference) {
            reference.apply(event);
        }
        return producer.send(new ProducerRecord<>(
                        event.topic(),
                        TeamPartitioner.partitionOf(event.teamId(), partitions),
                        event.timestamp(),
                        event.key().getBytes(UTF_8),
                        event.value() == null ? null : event.value().getBytes(UTF_8)))
                .get();
    }

    /** The next event of the history, of one of our teams. */
    private Event nextOfHistory() {
        Event event = history.next();
        int copies = teams.size() / TEAMS_OF_HISTORY;
        long team = teams.get((int) (event.teamId() - 1) * copies + random.nextInt(copies));
        return new Event(
                event.topic(),
                new EventKey(team, event.id()).toString(),
                event.timestamp() - RandomHistory.EPOCH.toEpochMilli() + beginning,
                event.value());
    }

    /** The number that was acknowledged last. */
    long lastNumber(long team) {
        return numbers.last(team);
    }

    void start() {
        clock.scheduleAtFixedRate(this::writeNext, 0, 1_000_000 / EVENTS_PER_SECOND, TimeUnit.MICROSECONDS);
        clock.scheduleAtFixedRate(
                () -> readers.execute(this::readNext), 0, 1_000_000 / READS_PER_SECOND, TimeUnit.MICROSECONDS);
    }

    private void writeNext() {
        if (!writing.tryLock()) {
            return; // while the view is compared, or the last event is under way
        }
        try {
            write(teams.get(turn.getAndIncrement() % teams.size()));
            send(nextOfHistory());
        } catch (ExecutionException | RuntimeException e) {
            failures.add("write: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writing.unlock();
        }
    }

    /**
     * Compares every period of every team with the reference, through each of the instances that clients ask, as soon as
     * they show what was published. Nothing is published meanwhile.
     */
    void compare(Duration patience) {
        writing.lock();
        try {
            for (Member member : targets) {
                Map<Long, ApiReader> readers = new TreeMap<>();
                keys.forEach((team, key) -> readers.put(team, ApiReader.at(member.port(), key)));
                ViewCheck check = new ViewCheck(reference, readers, RandomHistory.formFieldNames());
                await().atMost(patience)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(
                                () -> assertThat(check.compare(new IdLedger()).periodActions())
                                        .as("through %s", member)
                                        .isPositive());
            }
        } finally {
            writing.unlock();
        }
    }

    private void readNext() {
        List<Member> now = List.copyOf(targets);
        if (now.isEmpty()) {
            return;
        }
        Random random = ThreadLocalRandom.current();
        Member member = now.get(random.nextInt(now.size()));
        long team = teams.get(random.nextInt(teams.size()));
        long start = System.nanoTime();
        Numbers.Tagged kept = random.nextBoolean() ? numbers.tagged(team, random) : null;
        try {
            HttpResponse<String> response =
                    kept == null ? get(member, team) : get(member, team, "If-None-Match", kept.tag());
            boolean isKept = response.statusCode() == 304;
            long shown = isKept && kept != null ? kept.number() : shown(response);
            if (shown < 0) {
                fail(member, response.statusCode() + " " + response.body() + " after " + millisSince(start) + " ms");
                return;
            }
            String untrue = numbers.untrue(team, response.headers(), shown, "actions");
            if (untrue != null) {
                failures.add(member + ": " + response.statusCode() + ", team " + team + ": " + untrue);
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
            fail(member, e + " after " + millisSince(start) + " ms");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What fails at an instance that was just told to stop is no failure of those that stay. */
    private void fail(Member member, String what) {
        if (targets.contains(member)) {
            failures.add(member + ": " + what);
        }
    }

    private static long millisSince(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }

    HttpResponse<String> get(Member member, long team, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + member.port() + "/periods/" + COUNTED + "/actions"))
                .timeout(PATIENCE.plusSeconds(30))
                .header("Authorization", "Bearer " + keys.get(team));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    static long shown(HttpResponse<String> response) {
        return Numbers.shown(response);
    }

    /** Clients ask this instance, too. */
    void include(Member member) {
        targets.add(member);
    }

    /** As a load balancer does that is told. */
    void exclude(Member member) {
        targets.remove(member);
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
        producer.close();
    }
}
