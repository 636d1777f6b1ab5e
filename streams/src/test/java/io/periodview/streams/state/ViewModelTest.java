package io.periodview.streams.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.ModelCheck;
import io.periodview.streams.intake.Intake;
import io.periodview.streams.owned.LiveSpace;
import io.periodview.streams.owned.Versions;
import io.periodview.streams.view.AnswerSpace;
import io.periodview.streams.view.ViewReader;
import io.periodview.testkit.Event;
import io.periodview.topics.EventKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intake, rules, writer and reader over a store in memory, against the reference. */
class ViewModelTest {

    @TempDir
    private Path folder;

    @Test
    void showsWhatTheReferenceShowsAfterEveryEvent() throws IOException {
        check(8_000, 10_000, 14, 1);
    }

    @Test
    void showsItToo_whenTeamsAndPlacesLeaveMemoryAllTheTime() throws IOException {
        check(4_000, 1, 1, 1);
    }

    @Test
    void showsItToo_whenEventsAreWrittenTogether() throws IOException {
        check(15_000, 10_000, 4, 20);
    }

    private void check(int steps, int teamsInMemory, int placesInBits, int mostTogether) throws IOException {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        KeyValueStore<Bytes, byte[]> store =
                Stores.inMemoryKeyValueStore("view").get();
        ViewWriter writer = new ViewWriter(
                store, new Teams(store, teamsInMemory), new Places(store, placesInBits), new Versions(new LiveSpace()));
        try {
            new ModelCheck(seed, new ViewReader(store, new AnswerSpace(folder))).runInBatches(steps, event -> {
                take(writer, event);
                boolean isShown = random.nextInt(mostTogether) == 0;
                if (isShown) {
                    writer.write();
                }
                return isShown;
            });
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void take(ViewWriter writer, Event event) {
        byte[] key = event.key().getBytes(UTF_8);
        byte[] value = event.value() == null ? null : event.value().getBytes(UTF_8);
        Intake.Kind kind = event.isPeriod() ? Intake.Kind.PERIODS : Intake.Kind.ACTIONS;
        Intake.Taken taken = Intake.take(kind, EventKey.parse(key), key, value, event.timestamp());
        if (taken instanceof Intake.Taken.Accepted accepted) {
            writer.take(accepted.change(), 0);
        } else {
            throw new AssertionError(event + " was rejected: " + taken);
        }
    }
}
