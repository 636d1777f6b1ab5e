package io.periodview.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A random history over real processes that are killed, frozen and restarted, and whose files are deleted, damaged or
 * without space: the view must be the reference's in the end, and no answer on the way may be wrong.
 *
 * <p>{@code -Dperiodview.chaos.seed=N} begins with a seed; {@code -Dperiodview.chaos.rounds=N} says how many rounds
 * there are.
 */
class ChaosIT {

    /** Two failures of a instance come no faster than it is back. */
    private static final Duration SHORT_SESSION = Duration.ofSeconds(6);

    private static final List<String> SHORT =
            List.of("consumer.session.timeout.ms=" + SHORT_SESSION.toMillis(), "producer.transaction.timeout.ms=10000");
    private static final Duration OWN_SESSION = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    @Test
    void aShortRound() throws Exception {
        run(seed(), new Round.Plan(2, 6, 1.5, SHORT_SESSION, SHORT, false, false));
    }

    @Test
    @Tag("chaos")
    void manyRounds() throws Exception {
        boolean disks = StateDisk.isPermitted(folder);
        if (!disks) {
            System.out.println("No disk can be mounted here: full disks are not tried.");
        }
        int rounds = Integer.getInteger("periodview.chaos.rounds", 20);
        long first = seed();
        for (int round = 0; round < rounds; round++) {
            // As the service comes in every third round, else with less to wait for.
            boolean own = round % 3 == 2;
            run(
                    first + round,
                    new Round.Plan(
                            2 + round % 2,
                            20,
                            2.5,
                            own ? OWN_SESSION : SHORT_SESSION,
                            own ? List.of() : SHORT,
                            disks && round % 2 == 0,
                            round % 4 == 1));
        }
    }

    private static long seed() {
        Long given = Long.getLong("periodview.chaos.seed");
        return given == null ? new Random().nextInt(1_000_000) : given;
    }

    private void run(long seed, Round.Plan plan) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Path logs = Path.of("target", "chaos", "seed-" + seed).toAbsolutePath();
        Path home = Files.createDirectories(folder.resolve("seed-" + seed));
        String result = new Round(seed, plan, home, logs).run();
        System.out.printf("chaos seed %d: %s, %.0f s%n", seed, result, (System.nanoTime() - start) / 1e9);
    }
}
