package io.periodview.cli.chaos;

import static org.awaitility.Awaitility.await;

import io.periodview.cli.InstanceProcess;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.testkit.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/** Does to topics, groups and state directories what must not happen to them, and says what is right then. Not thread-safe. */
final class TopicFaults {

    static final String REROUTED = "period-view-rerouted";
    static final String CHANGELOG = "period-view-view-changelog";
    private static final List<String> EVENTS = List.of("periods", "actions");
    /** For how long deletions are kept where a standstill is to be longer. */
    private static final Duration KEPT = Duration.ofSeconds(3);

    enum Kind {
        TOPIC_MADE_ANEW,
        CHANGELOG_LOST,
        REROUTED_MADE_ANEW,
        HEAD_DELETED,
        CHANGELOG_HEAD_DELETED,
        GROUP_LOST,
        GROUP_MOVED,
        STANDSTILL,
        OTHER_CLUSTER,
        LOG_TRUNCATED,
        CHANGELOG_TRUNCATED
    }

    private final Random random;
    private final Path folder;
    private final TopicScene scene;
    private final TopicCluster cluster;
    private final TopicHistory history;
    private final EventJournal journal;
    private int others;

    /** @param folder of the cluster */
    TopicFaults(long seed, Path folder, TopicScene scene) {
        this.random = new Random(seed);
        this.folder = folder;
        this.scene = scene;
        this.cluster = scene.cluster();
        this.history = scene.history();
        this.journal = scene.journal();
    }

    void inject(Kind kind) throws Exception {
        try (TopicAdmin admin = new TopicAdmin(cluster.bootstrapServers())) {
            switch (kind) {
                case TOPIC_MADE_ANEW -> madeAnew(admin, one(EVENTS));
                case CHANGELOG_LOST -> changelogLost(admin);
                case REROUTED_MADE_ANEW -> reroutedMadeAnew(admin);
                case HEAD_DELETED -> headDeleted(admin, one(EVENTS));
                case CHANGELOG_HEAD_DELETED -> changelogHeadDeleted(admin);
                case GROUP_LOST, GROUP_MOVED -> groupMoved(admin, kind == Kind.GROUP_LOST);
                case STANDSTILL -> standstill(admin);
                case OTHER_CLUSTER -> otherCluster();
                case LOG_TRUNCATED -> truncated(one(history.published()).log());
                case CHANGELOG_TRUNCATED ->
                    truncated(new TopicPartition(
                            one(List.of(CHANGELOG, REROUTED)), random.nextInt(cluster.partitions())));
            }
        }
    }

    private <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private interface Damage {
        void occur() throws Exception;
    }

    /** While the instances run, or while they do not. */
    private void occur(boolean running, Damage damage) throws Exception {
        if (!running) {
            cluster.stop();
        }
        damage.occur();
        if (!running) {
            cluster.start();
        }
    }

    private void madeAnew(TopicAdmin admin, String topic) throws Exception {
        boolean running = random.nextBoolean();
        List<Event> events =
                history.next(1 + random.nextInt(80), event -> event.topic().equals(topic));
        journal.note("%s made anew, with %d events, running: %s", topic, events.size(), running);
        occur(running, () -> {
            admin.delete(topic);
            cluster.makeTopics(cluster.bootstrapServers());
            scene.replace(each -> each.log().topic().equals(topic), events);
        });
    }

    private void changelogLost(TopicAdmin admin) throws Exception {
        boolean running = random.nextBoolean();
        boolean withState = random.nextBoolean();
        journal.note("changelog deleted, running: %s, with state: %s", running, running || withState);
        occur(running, () -> {
            admin.delete(CHANGELOG);
            if (!running && !withState) {
                deleteState();
            }
        });
    }

    private void reroutedMadeAnew(TopicAdmin admin) throws Exception {
        boolean running = random.nextBoolean();
        journal.note("rerouted made anew, running: %s", running);
        occur(running, () -> {
            scene.publish(10, event -> TopicHistory.isElsewhere(event.teamId()));
            admin.delete(REROUTED);
            cluster.makeTopics(cluster.bootstrapServers());
            scene.publish(10, event -> true);
        });
    }

    private void headDeleted(TopicAdmin admin, String topic) throws Exception {
        cluster.stop();
        scene.publish(30, event -> true);
        List<Published> candidates = history.published().stream()
                .filter(each -> each.log().topic().equals(topic))
                .toList();
        // Mostly some of those that have not been applied.
        Published last =
                one(random.nextInt(3) == 0 ? candidates : candidates.subList(candidates.size() - 5, candidates.size()));
        journal.note("%s deleted up to %d", last.log(), last.offset());
        admin.deleteHead(last.log(), last.offset() + 1);
        cluster.start();
    }

    private void changelogHeadDeleted(TopicAdmin admin) throws Exception {
        TopicPartition log = new TopicPartition(CHANGELOG, random.nextInt(cluster.partitions()));
        boolean running = random.nextBoolean();
        long end = admin.end(log);
        long before = 1 + (long) (random.nextDouble() * end);
        journal.note("%s deleted before %d of %d, running: %s", log, Math.min(before, end), end, running);
        occur(running, () -> admin.deleteHead(log, Math.min(before, end)));
    }

    private void groupMoved(TopicAdmin admin, boolean lost) throws Exception {
        cluster.stop();
        scene.publish(15, event -> true);
        if (lost) {
            journal.note("offsets deleted");
            admin.deleteGroup();
        } else {
            String topic = one(List.of("periods", "actions", REROUTED));
            journal.note("offsets moved: %s", admin.moveOffsets(topic, random.nextBoolean(), random));
        }
        cluster.start();
    }

    private void standstill(TopicAdmin admin) throws Exception {
        for (String topic : EVENTS) {
            admin.alter(topic, "delete.retention.ms", "" + KEPT.toMillis());
        }
        cluster.stop();
        long stopped = System.nanoTime();
        scene.publish(5, event -> event.value() == null);
        await().atMost(KEPT.multipliedBy(4))
                .until(() -> System.nanoTime() - stopped > KEPT.plusSeconds(1).toNanos());
        journal.note("stood still for longer than %s", KEPT);
        cluster.start();
        journal.note("%s", scene.await());
        cluster.stop();
        for (String topic : EVENTS) {
            admin.alter(topic, "delete.retention.ms", "" + Duration.ofDays(14).toMillis());
        }
        scene.expectOnTheWay();
        cluster.start(); // whoever has refused is asked again: deletions are kept for long enough now
    }

    /** The state directories of one cluster, against another with an application of the same name. */
    private void otherCluster() throws Exception {
        cluster.stop();
        try (Broker other = Broker.start(BrokerOptions.in(folder.resolve("other-" + others++)))) {
            String there = other.bootstrapServers();
            cluster.makeTopics(there);
            Backup.of(cluster.bootstrapServers(), "api-keys").restore(there);
            TopicHistory another = new TopicHistory(random.nextLong(), cluster.partitions());
            another.publish(there, another.next(10 + random.nextInt(100), event -> true));
            Expected rightThere = Expected.of(another.events());
            scene.readers().expect(rightThere.beforeSentOn());
            journal.note("against another cluster");
            cluster.start("--bootstrap-servers", there);
            TopicVerdict.Seen seen = scene.awaitOther(rightThere);
            if (!seen.isRight()) {
                throw new AssertionError("Nothing is wrong with that cluster: " + seen);
            }
            cluster.stop();
        }
        journal.note("and back");
        scene.readers().expect(scene.right());
        cluster.start();
    }

    /** A disk that was lost: the partition's log begins anew, of the same topic, and grows. */
    private void truncated(TopicPartition log) throws Exception {
        boolean running = random.nextBoolean();
        boolean withState = random.nextBoolean();
        boolean isInput = EVENTS.contains(log.topic());
        List<Event> events = isInput
                ? history.next(random.nextInt(60), event -> history.logOf(event).equals(log))
                : List.of();
        journal.note(
                "%s lost by the broker, %d events come instead, running: %s, with state: %s",
                log, events.size(), running, running || withState);
        occur(running, () -> {
            cluster.broker().kill();
            Utils.delete(folder.resolve("broker/kafka/" + log).toFile());
            cluster.use(cluster.broker().startAgain());
            if (isInput) {
                scene.replace(each -> each.log().equals(log), events);
                scene.ignoreSentOn();
            } else {
                scene.publish(random.nextInt(60), event -> true);
            }
            if (!running && !withState) {
                one(cluster.instances()).deleteState();
            }
        });
        if (running && log.topic().equals(CHANGELOG)) {
            journal.note("%s; then all state is deleted", scene.await());
            cluster.stop();
            deleteState();
            scene.expectOnTheWay();
            cluster.start();
        }
    }

    private void deleteState() throws IOException {
        for (InstanceProcess instance : cluster.instances()) {
            instance.deleteState();
        }
    }
}
