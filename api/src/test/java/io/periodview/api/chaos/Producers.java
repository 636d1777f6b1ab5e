package io.periodview.api.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.testkit.Event;
import io.periodview.testkit.RandomHistory;
import io.periodview.testkit.ReferenceView;
import io.periodview.topics.EventKey;
import io.periodview.topics.TeamPartitioner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a history of several teams, batch after batch: by a plain producer, in a transaction, in one that is
 * aborted. Half of the teams' events lie in other partitions than their team's. Some records are no events. Knows what
 * the view and the dead letters must then be. Not thread-safe.
 */
final class Producers implements AutoCloseable {

    private static final int BATCH = 20;
    /** How often the three teams of the random history occur, each time with other numbers. */
    private static final int COPIES = 2;

    private static final long NUMBERS_APART = 10;
    /** A team of each partition that nobody changes; readers must see it so at every moment. */
    private static final long FIRST_STABLE = 1_000;

    /** What each of them has, 1 to this. */
    static final int STABLE_ACTIONS = 50;

    private final int partitions;
    private final Random random;
    private final RandomHistory history;
    private final RandomHistory aborted;
    private final ReferenceView reference = new ReferenceView();
    private final KafkaProducer<byte[], byte[]> plain;
    private final KafkaProducer<byte[], byte[]> transactional;
    /** By {@code topic-partition@offset}: the code of the rejection. */
    private final Map<String, String> deadLetters = new TreeMap<>();

    private final List<Long> stable = new ArrayList<>();

    /**
     * Now: with timestamps of years ago the broker would forget what its idempotent producers have sent when it starts
     * again, and compact events before they are read.
     */
    private final long beginning = System.currentTimeMillis();

    private boolean began;

    private record Sent(Future<RecordMetadata> record, String code) {}

    Producers(String bootstrapServers, int partitions, long seed) {
        this.partitions = partitions;
        this.random = new Random(seed);
        this.history = new RandomHistory(seed);
        this.aborted = new RandomHistory(~seed);
        this.plain = producer(bootstrapServers, Map.of());
        this.transactional = producer(bootstrapServers, Map.of("transactional.id", "chaos-" + seed));
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", bootstrapServers);
        settings.put("delivery.timeout.ms", 300_000); // the broker comes back
        settings.put("max.block.ms", 300_000);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    ReferenceView reference() {
        return reference;
    }

    Map<String, String> deadLetters() {
        return deadLetters;
    }

    List<Long> stableTeams() {
        return stable;
    }

    /** All of them, whether they have events by now or not. */
    List<Long> teams() {
        List<Long> teams = new ArrayList<>(stable);
        for (int copy = 0; copy < COPIES; copy++) {
            for (long team = 1; team <= 3; team++) {
                teams.add(team + copy * NUMBERS_APART);
            }
        }
        return teams;
    }

    /** The teams that never change again. */
    void publishStable() throws ExecutionException, InterruptedException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            long team = FIRST_STABLE;
            while (TeamPartitioner.partitionOf(team, partitions) != partition) {
                team++;
            }
            stable.add(team);
            sent.add(send(
                    plain,
                    new Event(
                            "periods",
                            team + "/1",
                            beginning,
                            "{\"name\":\"stable\",\"start_date\":\"2024-07-01T00:00Z\"}")));
            for (int id = 1; id <= STABLE_ACTIONS; id++) {
                sent.add(send(
                        plain,
                        new Event(
                                "actions", team + "/" + id, beginning, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}")));
            }
        }
        for (Future<RecordMetadata> record : sent) {
            record.get();
        }
    }

    /** Returns when the broker has all of it. */
    void publishBatch() throws ExecutionException, InterruptedException {
        switch (random.nextInt(6)) {
            case 0 -> publishInTransaction(history, true);
            case 1 -> publishInTransaction(aborted, false);
            default -> publishBatch(plain, history, true);
        }
    }

    private void publishInTransaction(RandomHistory source, boolean commit)
            throws ExecutionException, InterruptedException {
        if (!began) {
            transactional.initTransactions();
            began = true;
        }
        transactional.beginTransaction();
        publishBatch(transactional, source, commit);
        if (commit) {
            transactional.commitTransaction();
        } else {
            transactional.abortTransaction();
        }
    }

    private void publishBatch(KafkaProducer<byte[], byte[]> producer, RandomHistory source, boolean counts)
            throws ExecutionException, InterruptedException {
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            Event event = numbered(source.next());
            if (counts) {
                reference.apply(event);
            }
            sent.add(new Sent(send(producer, event), ""));
            if (random.nextInt(15) == 0) {
                sent.add(sendGarbage(producer, event));
            }
        }
        for (Sent record : sent) {
            RecordMetadata at = record.record().get();
            if (counts && !record.code().isEmpty()) {
                deadLetters.put(at.topic() + "-" + at.partition() + "@" + at.offset(), record.code());
            }
        }
    }

    private Event numbered(Event event) {
        long team = event.teamId() + NUMBERS_APART * random.nextInt(COPIES);
        return new Event(
                event.topic(),
                new EventKey(team, event.id()).toString(),
                event.timestamp() - RandomHistory.EPOCH.toEpochMilli() + beginning,
                event.value());
    }

    private Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> producer, Event event) {
        // Of a key all in one partition, since else they have no order.
        int partition = event.teamId() % 2 == 0
                ? Math.floorMod(event.key().hashCode(), partitions)
                : TeamPartitioner.partitionOf(event.teamId(), partitions);
        return producer.send(record(event.topic(), partition, event.timestamp(), event.key(), event.value()));
    }

    private Sent sendGarbage(KafkaProducer<byte[], byte[]> producer, Event like) {
        int partition = random.nextInt(partitions);
        String key = random.nextBoolean() ? like.key() : "0" + like.key();
        String value = random.nextBoolean() ? "{\"x\":1," : "{}";
        String code = key.startsWith("0") ? "invalid-key" : value.equals("{}") ? "missing-field" : "malformed-json";
        return new Sent(producer.send(record(like.topic(), partition, like.timestamp(), key, value)), code);
    }

    private static ProducerRecord<byte[], byte[]> record(
            String topic, int partition, long timestamp, String key, @Nullable String value) {
        return new ProducerRecord<>(
                topic, partition, timestamp, key.getBytes(UTF_8), value == null ? null : value.getBytes(UTF_8));
    }

    @Override
    public void close() {
        plain.close();
        transactional.close();
    }
}
