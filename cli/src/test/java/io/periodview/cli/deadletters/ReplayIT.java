package io.periodview.cli.deadletters;

import static io.periodview.cli.deadletters.RejectedEvents.AWAY;
import static io.periodview.cli.deadletters.RejectedEvents.BAD;
import static io.periodview.cli.deadletters.RejectedEvents.HOME;
import static io.periodview.cli.deadletters.RejectedEvents.THEN;
import static io.periodview.cli.deadletters.RejectedEvents.bytes;
import static io.periodview.cli.deadletters.RejectedEvents.places;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import io.periodview.api.http.AdminSettings;
import io.periodview.cli.ApiReader;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.cli.deadletters.RejectedEvents.Sent;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.checkpoint.Checkpoint;
import io.periodview.streams.store.RowKeys;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    private final RejectedEvents events = new RejectedEvents();

    @TempDir
    Path files;

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void sendsAnEventOnceAsItWasReceived() {
        Headers own = new RecordHeaders().add("trace", new byte[] {1, -1}).add("__streams.errors.topic", bytes("mine"));
        Sent origin = events.action(AWAY, "7/1", 5, BAD, own);
        String place = events.reject(origin, 1);

        Outcome dry = replay("--all", "--dry-run");
        assertThat(dry.out()).contains("would be sent to actions-" + HOME).contains("1 would be sent, 0 superseded");
        Outcome first = replay(place);
        assertThat(first.err()).isEmpty();
        assertThat(first.status()).isZero();
        assertThat(first.out())
                .isEqualToNormalizingNewlines(place + "    7/1             sent to actions-" + HOME + "@0\n"
                        + "1 sent, 0 superseded, 0 not replayable, 0 failed\n");
        Outcome second = replay(place);
        assertThat(second.status()).isZero();
        assertThat(second.out())
                .contains("superseded by actions-" + HOME + "@0")
                .contains("0 sent, 1 superseded");

        List<ConsumerRecord<byte[], byte[]>> sent = events.actions();
        assertThat(sent).hasSize(2).allSatisfy(record -> {
            assertThat(record.key()).isEqualTo(bytes("7/1"));
            assertThat(record.value()).isEqualTo(bytes(BAD));
            assertThat(record.timestamp()).isEqualTo(THEN + 5);
            assertThat(record.headers().toArray()).containsExactly(own.toArray());
        });
        assertThat(sent).extracting(ConsumerRecord::partition).contains(HOME, AWAY);
    }

    @Test
    void skipsSupersededEventsUnlessForced() {
        String deleted = events.reject(events.action(HOME, "7/1", 0, BAD), 0);
        String changedElsewhere = events.reject(events.action(HOME, "7/2", 0, BAD), 0);
        String earlier = events.reject(events.action(HOME, "7/3", 0, BAD), 0);
        String later = events.reject(events.action(HOME, "7/3", 0, BAD + " "), 0);
        String older = events.reject(events.action(HOME, "7/4", 5, BAD), 0);
        String gone =
                events.reject(new Sent(events.topics.actions(), HOME, 1, THEN, "7/5", BAD, new RecordHeaders()), 0);
        events.action(HOME, "7/1", 0, null);
        events.action(AWAY, "7/2", 1, "{}");
        events.action(AWAY, "7/4", 4, "{}");

        Outcome replayed = replay("--team", "7");

        assertThat(replayed.status()).isZero();
        assertThat(replayed.out().lines().map(line -> line.replaceAll(" {2,}", " ")))
                .containsExactly(
                        deleted + " 7/1 superseded by actions-" + HOME + "@5",
                        changedElsewhere + " 7/2 superseded by actions-" + AWAY + "@0",
                        earlier + " 7/3 superseded by actions-" + HOME + "@3 (" + later + ")",
                        later + " 7/3 sent to actions-" + HOME + "@6",
                        older + " 7/4 sent to actions-" + HOME + "@7",
                        gone + " 7/5 superseded by an event that is gone, too: actions-" + HOME
                                + "@1 was removed by compaction",
                        "2 sent, 4 superseded, 0 not replayable, 0 failed");
        Outcome forced = replay("--force", later, earlier);
        assertThat(forced.out()).contains("2 sent");
        assertThat(events.actions().stream()
                        .filter(record -> record.offset() >= 8)
                        .map(record -> new String(record.value(), UTF_8)))
                .as("in the order of rejection")
                .containsExactly(BAD, BAD + " ");
    }

    @Test
    void onlyCommittedEventsSupersede() {
        String place = events.reject(events.action(HOME, "7/1", 0, BAD), 0);
        Map<String, Object> settings = new HashMap<>(events.commandLine.clientProperties());
        settings.put("transactional.id", events.topics.prefix());
        try (KafkaProducer<byte[], byte[]> transactional =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(newerAction());
            transactional.flush();
            transactional.abortTransaction();
            assertThat(replay(place, "--dry-run").out()).contains("1 would be sent");

            transactional.beginTransaction();
            transactional.send(newerAction());
            transactional.commitTransaction();
            assertThat(replay(place).out()).contains("0 sent, 1 superseded");
        }
    }

    private ProducerRecord<byte[], byte[]> newerAction() {
        return new ProducerRecord<>(events.topics.actions(), HOME, THEN, bytes("7/1"), bytes("{}"));
    }

    @Test
    void aFixedServiceShowsReplayedEvents() throws Exception {
        // What an older service has read and rejected, though it is good.
        Sent origin = events.period(AWAY, "7/1", "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}");
        String place = events.reject(origin, 0);
        String applicationId = events.topics.prefix() + "period-view";
        writeCheckpoint(applicationId, 1);
        String key = events.run("keys", "create", "--team", "7", "--name", "test")
                .out()
                .strip();
        try (Instance instance =
                Instance.open(new ServerSettings("127.0.0.1", 0, AdminSettings.of("127.0.0.1", 0), null))) {
            instance.start(
                    events.topics,
                    new StreamsSettings(
                            applicationId,
                            events.commandLine.clientProperties(),
                            files.resolve("state"),
                            new HostInfo("127.0.0.1", instance.port()),
                            1,
                            0));
            ApiReader reader = ApiReader.at(instance.port(), key);
            await().atMost(TIMEOUT).until(() -> reader.status("/periods") == 200);
            assertThat(reader.body("/periods")).isEqualTo("{\"periods\":[]}");

            // One that this service rejects, now and when it is sent again.
            events.action(AWAY, "7/9", 0, BAD);
            awaitDeadLetters(2);
            assertThat(replay("--code", "invalid-value").out()).contains("2 sent, 0 superseded");

            await().atMost(TIMEOUT).until(() -> reader.body("/periods").contains("\"P\""));
            assertThat(reader.body("/periods")).contains("\"created_at\":\"" + TextLetterFormatter.time(THEN) + "\"");
            awaitDeadLetters(3);
            assertThat(replay(place).out()).contains("0 sent, 1 superseded");
            // Rejected again, it can be sent again from where it is now, once more.
            assertThat(replay("--all", "--dry-run").out())
                    .contains("1 would be sent, 2 superseded, 0 not replayable, 0 failed");
        }
    }

    /** As that service has left it: of the partition AWAY, what is before this offset of periods was read. */
    private void writeCheckpoint(String applicationId, long next) throws Exception {
        String changelog = applicationId + "-view-changelog";
        String rerouted = TopicNames.rerouted(applicationId);
        try (Admin admin = Admin.create(events.commandLine.clientProperties());
                KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                        events.commandLine.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            int partitions = describe(admin, rerouted).partitions().size();
            admin.createTopics(List.of(new NewTopic(changelog, partitions, (short) 1)
                            .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            Checkpoint checkpoint = new Checkpoint(
                    describe(admin, changelog).topicId(),
                    System.currentTimeMillis(),
                    true,
                    List.of(
                            new Checkpoint.Input(
                                    describe(admin, events.topics.periods()).topicId(), next, -1),
                            new Checkpoint.Input(
                                    describe(admin, events.topics.actions()).topicId(), 0, -1),
                            new Checkpoint.Input(describe(admin, rerouted).topicId(), 0, -1)));
            producer.send(new ProducerRecord<>(
                            changelog, AWAY, RowKeys.checkpoint().get(), checkpoint.toBytes()))
                    .get();
        }
    }

    private static TopicDescription describe(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .values()
                .iterator()
                .next();
    }

    private void awaitDeadLetters(int count) {
        await().atMost(TIMEOUT).until(() -> places(events.run("dead-letters")).size() == count);
    }

    private Outcome replay(String... arguments) {
        return events.replay(arguments);
    }
}
