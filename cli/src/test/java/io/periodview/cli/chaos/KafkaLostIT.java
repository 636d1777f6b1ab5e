package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.ApiReader;
import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import io.periodview.testkit.Event;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All of Kafka's data are lost, and a backup that lacks the last events is restored: the view is the backup's, whatever the
 * instances' own disks still have, and whoever has seen more is told so. Once the producers have sent the missing events
 * again, it has them all.
 */
class KafkaLostIT {

    private static final int PARTITIONS = 2;
    /** Each of these teams loses so many actions. */
    private static final int LOST = 5;

    private static final Path LOGS = Path.of("target", "chaos", "kafka-lost").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void aBackupIsRestoredUnderInstancesThatHaveSeenMore() throws Exception {
        long seed = new Random().nextInt(1_000_000);
        System.err.println("seed " + seed);
        try (EventJournal journal = new EventJournal(LOGS);
                TopicCluster cluster = new TopicCluster(folder, LOGS, PARTITIONS, journal)) {
            lose(seed, cluster, journal);
        } catch (AssertionError | Exception e) {
            throw new AssertionError("seed " + seed + ": " + e.getMessage() + "\nLogs: " + LOGS, e);
        }
    }

    private void lose(long seed, TopicCluster cluster, EventJournal journal) throws Exception {
        try (TopicScene scene = TopicScene.start(seed, cluster, 100, journal)) {
            Backup backup = Backup.of(cluster.bootstrapServers(), "periods", "actions", "api-keys");
            journal.note("saved %d records", backup.records().size());
            List<Event> missing = missing(scene.history());
            scene.publish(missing);
            scene.awaitRight();
            Map<Long, String> positions = positions(cluster);

            cluster.stop();
            loseBroker(cluster);
            cluster.makeTopics(cluster.bootstrapServers());
            backup.restore(cluster.bootstrapServers());
            scene.reread();
            journal.note("restored");
            cluster.start();
            scene.awaitRight();
            expectPositions(cluster, positions, 503);

            scene.publish(missing);
            scene.awaitRight();
            expectPositions(cluster, positions, 200);
            assertThat(scene.readers().violations()).isEmpty();
        }
    }

    /** What is published after the backup; it advances the positions of all teams whose events lie in their partitions. */
    private static List<Event> missing(TopicHistory history) {
        List<Event> missing = new ArrayList<>(history.next(20, event -> true));
        for (long team : teams()) {
            missing.addAll(history.next(LOST, event -> event.teamId() == team && !event.isPeriod()));
        }
        return missing;
    }

    private static List<Long> teams() {
        return TopicHistory.TEAMS.stream()
                .filter(team -> !TopicHistory.isElsewhere(team))
                .toList();
    }

    private void loseBroker(TopicCluster cluster) throws Exception {
        int port = cluster.broker().port();
        cluster.broker().close();
        Utils.delete(folder.resolve("broker").toFile());
        cluster.use(Broker.start(BrokerOptions.in(folder.resolve("broker")).withPort(port)));
    }

    private static Map<Long, String> positions(TopicCluster cluster) throws Exception {
        Map<Long, String> positions = new TreeMap<>();
        for (long team : teams()) {
            positions.put(
                    team,
                    ApiReader.at(
                                    cluster.instances().get(0).port(),
                                    cluster.keys().get(team))
                            .get(Expected.PERIODS)
                            .headers()
                            .firstValue("View-Position")
                            .orElseThrow());
        }
        return positions;
    }

    /** Whoever asks for a position that is lost must not be told that it is reached. */
    private static void expectPositions(TopicCluster cluster, Map<Long, String> positions, int status)
            throws Exception {
        TaggedClient client = new TaggedClient(0);
        for (Map.Entry<Long, String> position : positions.entrySet()) {
            String key = cluster.keys().getOrDefault(position.getKey(), "");
            TaggedClient.Answer answer = client.ask(
                    cluster.instances().get((int) (position.getKey() % 2)).port(),
                    key,
                    position.getKey(),
                    Expected.PERIODS,
                    "View-At-Least",
                    position.getValue(),
                    "Prefer",
                    "wait=1");
            assertThat(answer.status()).as("%s of %s", position, answer).isEqualTo(status);
        }
    }
}
