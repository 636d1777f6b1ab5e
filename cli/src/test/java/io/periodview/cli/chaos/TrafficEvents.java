package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.testkit.Event;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The events of the traffic. Half of them set the status of a team's first action to a number that grows; the others are a
 * random history of the teams' other periods and actions. Thread-safe.
 */
final class TrafficEvents implements AutoCloseable {

    /** The period and the action with the numbers; the ids of the history are small. */
    static final long COUNTED = 1_000;

    private static final int TEAMS = 12;
    private static final int TEAMS_OF_HISTORY = 3;

    private final int partitions;
    private final List<Long> teams;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Numbers numbers;
    private final AtomicInteger turn = new AtomicInteger();
    private long number;

    private final RandomHistory history;
    private final Random random;
    private final ReferenceView reference = new ReferenceView();
    /** Held while an event is in flight, and while the view is compared. */
    private final ReentrantLock writing = new ReentrantLock();
    /** With timestamps of years ago the broker would compact events before they are read. */
    private final long beginning = System.currentTimeMillis();

    /** @param numbers is told of those that were acknowledged */
    TrafficEvents(long seed, String bootstrapServers, int partitions, Numbers numbers) {
        this.history = new RandomHistory(seed);
        this.random = new Random(seed);
        this.partitions = partitions;
        this.numbers = numbers;
        this.teams = teams(partitions);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new ByteArraySerializer(), new ByteArraySerializer());
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

    /** Writes the next number, and an event of the history; nothing while the last ones are still in flight. */
    void writeNext() throws ExecutionException, InterruptedException {
        if (!writing.tryLock()) {
            return;
        }
        try {
            write(teams.get(turn.getAndIncrement() % teams.size()));
            send(nextOfHistory());
        } finally {
            writing.unlock();
        }
    }

    /** Compares something with the reference, while {@link #writeNext()} writes nothing. */
    void compare(Consumer<ReferenceView> comparison) {
        writing.lock();
        try {
            comparison.accept(reference);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
