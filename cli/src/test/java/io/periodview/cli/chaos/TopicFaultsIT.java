package io.periodview.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics that are made anew, lost, truncated or cut, groups that are moved, and state that is another cluster's, under two
 * real processes: no answer may be wrong, and what is not answered is refused with a line that says the way on, which must
 * lead to a view that is right again.
 *
 * <p>{@code -Dperiodview.chaos.seed=N} begins with a seed; {@code -Dperiodview.chaos.rounds=N} says how many rounds
 * there are; {@code -Dperiodview.chaos.faults=GROUP_LOST,LOG_TRUNCATED} which faults.
 */
class TopicFaultsIT {

    @TempDir
    Path folder;

    @Test
    @Tag("chaos")
    void oneFault() throws Exception {
        long seed = seed();
        run(seed, shuffled(seed).subList(0, 1));
    }

    @Test
    @Tag("chaos")
    void manyFaults() throws Exception {
        int rounds = Integer.getInteger("periodview.chaos.rounds", 3);
        long first = seed();
        for (int round = 0; round < rounds; round++) {
            run(first + round, shuffled(first + round));
        }
    }

    private static List<TopicFaults.Kind> shuffled(long seed) {
        String wanted = System.getProperty("periodview.chaos.faults");
        if (wanted != null) {
            List<TopicFaults.Kind> kinds = new ArrayList<>();
            for (String kind : wanted.split(",", -1)) {
                kinds.add(TopicFaults.Kind.valueOf(kind));
            }
            return kinds;
        }
        List<TopicFaults.Kind> kinds = new ArrayList<>(List.of(TopicFaults.Kind.values()));
        Collections.shuffle(kinds, new Random(seed));
        return kinds;
    }

    private static long seed() {
        Long given = Long.getLong("periodview.chaos.seed");
        return given == null ? new Random().nextInt(1_000_000) : given;
    }

    private void run(long seed, List<TopicFaults.Kind> kinds) throws IOException {
        long start = System.nanoTime();
        Path logs = Path.of("target", "chaos", "topics-" + seed).toAbsolutePath();
        Path home = Files.createDirectories(folder.resolve("seed-" + seed));
        String result = new TopicFaultRound(seed, logs).run(home, kinds);
        System.out.printf(
                "chaos seed %d: %s, refusals %s, %.0f s%n", seed, kinds, result, (System.nanoTime() - start) / 1e9);
    }
}
