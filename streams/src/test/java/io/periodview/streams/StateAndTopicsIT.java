package io.periodview.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics that were made anew, truncated, lost, or that have forgotten something: the view shows what they have, or it shows
 * nothing and says why.
 */
class StateAndTopicsIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    static Path directory;

    private static Broker broker;

    @TempDir
    Path folder;

    private TestView view;

    @BeforeAll
    static void startBroker() throws Exception {
        broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeTopics(TestInfo test) throws Exception {
        view = new TestView(
                broker.bootstrapServers(), test.getTestMethod().orElseThrow().getName());
    }

    @AfterEach
    void close() {
        view.close();
    }

    @Test
    void aTopicThatWasMadeAnewIsNotShown() throws Exception {
        runWith(1, 2);
        view.deleteTopic(view.topics.actions());
        view.provision();
        view.action(2);
        view.action(3);
        start();
        awaitRefusal(view.topics.actions() + " was deleted and made anew");
        rebuildAndExpect(2, 3);
    }

    @Test
    void aTopicThatIsMadeAnewWhileItIsReadIsNotShown() throws Exception {
        start();
        publish(1, 2);
        awaitActions(1, 2);
        view.deleteTopic(view.topics.actions());
        await().atMost(TIMEOUT)
                .untilAsserted(() ->
                        assertThat(view.problem()).contains("Topic " + view.topics.actions() + " does not exist"));
        view.provision();
        view.action(2);
        view.action(3);
        view.action(4);
        awaitRefusal(view.topics.actions() + " was deleted and made anew");
        view.stop();
        rebuildAndExpect(2, 3, 4);
    }

    @Test
    void aChangelogThatIsLostIsNotShownAsAnEmptyView() throws Exception {
        runWith(1, 2);
        view.deleteTopic(view.changelog());
        start(); // with local state
        awaitRefusal("they are lost");
        view.stop();
        view.start(folder.resolve("another"));
        awaitRefusal("they are lost");
        view.stop();
        rebuildAndExpect(1, 2);
    }

    /** Slow, as its thread waits for the changelog, and the instance half a minute for its thread. */
    @Test
    @Tag("slow")
    void aChangelogThatIsLostWhileItIsWrittenEndsTheView() throws Exception {
        start();
        publish(1, 2);
        awaitActions(1, 2);
        view.deleteTopic(view.changelog());
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(view.problem()).contains(view.changelog()));
        view.action(3);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(view.answer()).isEqualTo(TestView.NONE));
    }

    @Test
    void aChangelogThatHasLostItsBeginningIsNotShown() throws Exception {
        runWith(1, 2);
        view.alter(view.changelog(), Map.of("cleanup.policy", "delete"));
        deleteRecords(view.changelog(), 2);
        start();
        awaitRefusal("records of " + view.partitionOf(view.changelog()) + " were deleted");
        view.stop();
        rebuildAndExpect(1, 2);
    }

    @Test
    void eventsThatWereDeletedUnreadAreNamedAndAnOperatorMayGoOnWithoutThem() throws Exception {
        runWith(1, 2);
        view.action(3);
        view.action(4);
        long after = view.send(view.topics.actions(), 5, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}")
                .offset();
        view.alter(view.topics.actions(), Map.of("cleanup.policy", "delete"));
        deleteRecords(view.topics.actions(), after);
        start();
        String log = view.partitionOf(view.topics.actions()).toString();
        awaitRefusal("events " + (after - 2) + " to " + (after - 1) + " were deleted before they were applied");
        assertThat(view.problem()).contains("period-view skip " + log + "@" + (after - 1));
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(view.metrics.lost).hasValue(2));
        allow(after);
        awaitActions(1, 2, 5);
        await().atMost(TIMEOUT).until(() -> view.problem().isEmpty());
        view.stop();
        start();
        awaitActions(1, 2, 5);
        assertThat(view.metrics.lost).as("counted once").hasValue(2);
    }

    @Test
    void aStandstillThatOutlastsTheDeletionsIsNotShown() throws Exception {
        view.alter(view.topics.actions(), Map.of("delete.retention.ms", "4000"));
        runWith(1, 2);
        start();
        awaitActions(1, 2);
        view.stop();
        long stopped = System.nanoTime();
        await().atMost(TIMEOUT)
                .until(() -> System.nanoTime() - stopped > Duration.ofSeconds(5).toNanos());
        start();
        awaitActions(1, 2); // nothing has come since: nothing can be missing
        view.stop();
        view.deleteAction(2);
        long deleted = System.nanoTime();
        await().atMost(TIMEOUT)
                .until(() -> System.nanoTime() - deleted > Duration.ofSeconds(5).toNanos());
        start();
        awaitRefusal("longer ago than deletions are kept");
        view.stop();
        rebuildAndExpect(1);
    }

    @Test
    void offsetsThatTheGroupHasLostAreKnownFromTheRows() throws Exception {
        runWith(1, 2);
        String before = read();
        try (Admin admin = view.admin()) {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> admin.deleteConsumerGroups(Set.of(view.application))
                                    .all()
                                    .get()
                            == null);
        }
        view.deleteAction(1);
        view.action(3);
        start();
        awaitActions(2, 3);
        assertThat(before).contains(view.answer().substring(12, 80));
    }

    @Test
    void offsetsThatSomebodyHasMovedAreNotBelieved() throws Exception {
        runWith(1, 2);
        view.deleteAction(2);
        long end = view.send(view.topics.actions(), 3, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}")
                        .offset()
                + 1;
        try (Admin admin = view.admin()) {
            await().atMost(TIMEOUT)
                    .ignoreExceptions()
                    .until(() -> admin.alterConsumerGroupOffsets(
                                            view.application,
                                            Map.of(view.partitionOf(view.topics.actions()), new OffsetAndMetadata(end)))
                                    .all()
                                    .get()
                            == null);
        }
        start();
        awaitActions(1, 3);
    }

    @Test
    void stateOfAnotherClusterIsDiscarded() throws Exception {
        runWith(1, 2, 3);
        try (Broker other = Broker.start(BrokerOptions.in(folder.resolve("other")));
                TestView there = new TestView(other.bootstrapServers(), view.application)) {
            there.period(1);
            there.action(2);
            there.action(4);
            there.start(folder.resolve("there"));
            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(there.actions()).isEqualTo(list(2, 4)));
            there.stop();
            there.action(5);
            there.start(state());
            Set<String> seen = new HashSet<>();
            await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).untilAsserted(() -> {
                seen.add(there.actions());
                assertThat(there.actions()).isEqualTo(list(2, 4, 5));
            });
            assertThat(seen).isSubsetOf(TestView.NONE, list(2, 4), list(2, 4, 5));
        }
    }

    @Test
    void anEventThatCannotBeReadStopsItsPartitionOnlyUntilAnOperatorHasItSkipped() throws Exception {
        view.period(1);
        view.action(1);
        long damaged = view.send(view.topics.actions(), 2, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}")
                .offset();
        String log = view.partitionOf(view.topics.actions()).toString();
        damageLastByte(log);
        view.action(3);
        start();
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(view.problem())
                        .as(view.actions() + view.running().status().statuses())
                        .contains(log + "@" + damaged + " cannot be read", "period-view skip " + log + "@" + damaged));
        view.periodInOtherPartition(1);
        await().atMost(TIMEOUT)
                .untilAsserted(
                        () -> assertThat(view.answer(TestView.OTHER_TEAM)).isEqualTo("{\"actions\":[]}"));
        allow(damaged + 1);
        awaitActions(1, 3);
        await().atMost(TIMEOUT).until(() -> view.problem().isEmpty());
    }

    private static void damageLastByte(String log) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            Path segment = files.filter(file -> file.endsWith(log + "/00000000000000000000.log"))
                    .findFirst()
                    .orElseThrow();
            try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
                file.seek(Files.size(segment) - 1);
                file.write(0xff); // it was 0: the number of headers
            }
        }
    }

    @Test
    void aViewThatIsBuiltAnswersWhenItShowsEverything() throws Exception {
        view.period(1);
        int actions = 3_000;
        for (int i = 1; i <= actions; i++) {
            if (i == actions) {
                view.action(i);
            } else {
                view.sendLater(i);
            }
        }
        start();
        awaitAllAtOnce(actions);
    }

    @Test
    void aViewThatIsBuiltWaitsForWhatOtherPartitionsSendOn() throws Exception {
        int actions = 3_000;
        view.periodFromOtherPartition(1);
        for (int i = 1; i <= actions; i++) {
            view.sendLaterFromOtherPartition(i);
        }
        view.flush();
        start();
        awaitAllAtOnce(actions);
    }

    @Test
    void aTopicThatIsGivenMorePartitionsIsSaid() throws Exception {
        start();
        publish(1);
        awaitActions(1);
        try (Admin admin = view.admin()) {
            admin.createPartitions(Map.of(view.topics.actions(), NewPartitions.increaseTo(4)))
                    .all()
                    .get();
        }
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(view.problem()).contains(view.topics.actions() + " has 4 partitions"));
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(view.answer()).isEqualTo(TestView.NONE));
        assertThat(view.running().fatalError()).isNotDone();
    }

    @Test
    void apiKeysThatAreGoneAreSaidAndOnesThatAreMadeAnewEndTheInstance() throws Exception {
        start();
        await().atMost(TIMEOUT).until(() -> view.problem().isEmpty());
        view.deleteTopic(view.topics.apiKeys());
        await().atMost(Duration.ofSeconds(8))
                .untilAsserted(() -> assertThat(view.problem())
                        .contains("Topic " + view.topics.apiKeys() + " does not exist")
                        .contains("No key can be created or revoked"));
        view.provision();
        await().atMost(TIMEOUT).until(() -> view.running().fatalError().isDone());
        assertThat(view.running().fatalError().join()).hasMessageContaining("made anew");
    }

    private void publish(int... actions) throws Exception {
        view.period(1);
        for (int action : actions) {
            view.action(action);
        }
    }

    /** Starts, shows these actions, and stops. */
    private void runWith(int... actions) throws Exception {
        start();
        publish(actions);
        awaitActions(actions);
        view.stop();
    }

    private String read() throws Exception {
        start();
        await().atMost(TIMEOUT).until(() -> !view.answer().equals(TestView.NONE));
        String answer = view.answer();
        view.stop();
        return answer;
    }

    private void rebuildAndExpect(int... actions) throws Exception {
        view.stop();
        view.rebuild(state());
        start();
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(10)).until(() -> {
            assertThat(view.actions()).isIn(TestView.NONE, list(actions));
            return view.actions().equals(list(actions));
        });
        await().atMost(TIMEOUT).until(() -> view.problem().isEmpty());
    }

    private void start() throws Exception {
        view.start(state());
    }

    private Path state() {
        return folder.resolve("state");
    }

    private void awaitActions(int... actions) {
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(view.actions()).isEqualTo(list(actions)));
    }

    /** The first answer has all of them. */
    private void awaitAllAtOnce(int actions) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(5)).until(() -> {
            String answer = view.answer();
            assertThat(answer)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEqualTo(TestView.NONE),
                            all -> assertThat(all.split("\"actionId\"")).hasSize(actions + 1));
            return !answer.equals(TestView.NONE);
        });
    }

    private static String list(int... actions) {
        return "{\"actions\":" + Arrays.toString(actions).replace(" ", "") + "}";
    }

    /** Not one answer until then. */
    private void awaitRefusal(String why) {
        await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(20)).until(() -> {
            assertThat(view.answer()).isEqualTo(TestView.NONE);
            return view.problem().contains(why);
        });
    }

    private void deleteRecords(String topic, long before) throws Exception {
        try (Admin admin = view.admin()) {
            admin.deleteRecords(Map.of(view.partitionOf(topic), RecordsToDelete.beforeOffset(before)))
                    .all()
                    .get();
        }
    }

    private void allow(long next) throws Exception {
        try (Admin admin = view.admin()) {
            admin.alterConsumerGroupOffsets(
                            view.application + "-skips",
                            Map.of(view.partitionOf(view.topics.actions()), new OffsetAndMetadata(next, "tried")))
                    .all()
                    .get();
        }
    }
}
