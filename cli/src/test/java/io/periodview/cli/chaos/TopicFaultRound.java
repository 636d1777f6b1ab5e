package io.periodview.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/** One cluster from start to end: topics that are maltreated, the verdict, and the way on that is told. */
final class TopicFaultRound {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** The service looks at the topics every other second. */
    private static final Duration WATCHED = Duration.ofSeconds(3);
    /** Answers are compared for so long once all has settled. */
    private static final Duration SETTLED = Duration.ofMillis(1_500);

    /** A line may have to be followed by another: what it says is all that an operator knows. */
    private static final int MAX_STEPS = 6;

    private static final Pattern GAP = Pattern.compile(
            "(\\S+)-(\\d+) begins at offset \\d+: events (\\d+) to (\\d+) were deleted before they were applied");

    private final long seed;
    private final Random random;
    private final Path logs;
    private final EventJournal journal;
    private final Map<TopicFaults.Kind, Integer> refusals = new EnumMap<>(TopicFaults.Kind.class);

    TopicFaultRound(long seed, Path logs) {
        this.seed = seed;
        this.random = new Random(seed);
        this.logs = logs;
        this.journal = new EventJournal(logs);
    }

    /** @throws AssertionError that says what is wrong, with the seed and what was done when */
    String run(Path folder, List<TopicFaults.Kind> kinds) throws IOException {
        try (TopicCluster cluster = new TopicCluster(folder, logs, 2 + random.nextInt(3), journal)) {
            return run(folder, cluster, kinds);
        } catch (AssertionError | Exception e) {
            throw new AssertionError(
                    "seed " + seed + ", " + kinds + ": " + e.getMessage() + "\n\n" + journal + "\n\nLogs: " + logs, e);
        } finally {
            journal.close();
        }
    }

    private String run(Path folder, TopicCluster cluster, List<TopicFaults.Kind> kinds) throws Exception {
        try (TopicScene scene = TopicScene.start(seed, cluster, 150, journal)) {
            TopicFaults faults = new TopicFaults(seed, folder, scene);
            for (TopicFaults.Kind kind : kinds) {
                journal.note("--- %s", kind);
                faults.inject(kind);
                settle(kind, scene);
            }
            assertThat(scene.readers().statuses()).containsKey(200);
            return refusals + ", answers " + scene.readers().statuses();
        }
    }

    /** Follows the lines until all is right. */
    private void settle(TopicFaults.Kind kind, TopicScene scene) throws Exception {
        pass(WATCHED);
        for (int step = 0; step < MAX_STEPS; step++) {
            TopicVerdict.Seen seen = scene.await();
            pass(SETTLED);
            assertThat(scene.readers().violations()).isEmpty();
            journal.note(seen.isRight() ? "right" : "refused: %s", seen.lines());
            if (seen.isRight()) {
                return;
            }
            refusals.merge(kind, 1, Integer::sum);
            follow(seen.lines().get(random.nextInt(seen.lines().size())), scene);
        }
        throw new AssertionError("Still refused after " + MAX_STEPS + " ways on");
    }

    private static void pass(Duration time) {
        long since = System.nanoTime();
        await().atMost(TIMEOUT).until(() -> System.nanoTime() - since > time.toNanos());
    }

    private void follow(String line, TopicScene scene) throws Exception {
        TopicCluster cluster = scene.cluster();
        Matcher gap = GAP.matcher(line);
        if (gap.find() && random.nextBoolean()) {
            TopicPartition log = new TopicPartition(gap.group(1), Integer.parseInt(gap.group(2)));
            long from = Long.parseLong(gap.group(3));
            long to = Long.parseLong(gap.group(4));
            scene.goOnWithout(each -> each.log().equals(log) && each.offset() >= from && each.offset() <= to);
            journal.note("%s", cluster.commandLine().result("skip", log + "@" + to, "--reason", "tried"));
        } else if (line.contains("serve --rebuild")) {
            cluster.stop();
            scene.reread();
            cluster.rebuild();
        } else {
            journal.note("%s", cluster.commandLine().run("topics"));
            cluster.makeTopics(cluster.bootstrapServers());
        }
    }
}
