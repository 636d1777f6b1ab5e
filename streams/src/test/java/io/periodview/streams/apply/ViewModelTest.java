package io.periodview.streams.apply;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.ModelCheck;
import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.memory.MemoryBudget;
import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.BufferPool;
import io.periodview.testkit.Event;
import io.periodview.topics.ParseResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Decoder, writer and reader over a store in memory, against the reference. */
class ViewModelTest {

    @TempDir
    private Path folder;

    @Test
    void showsWhatTheReferenceShowsAfterEveryEvent() throws IOException {
        check(8_000, 10_000, 14, 1);
    }

    @Test
    void showsItWhenTeamsAndIndexRowsLeaveMemoryAllTheTime() throws IOException {
        check(4_000, 1, 1, 1);
    }

    @Test
    void showsItWhenEventsAreWrittenTogether() throws IOException {
        check(15_000, 10_000, 4, 20);
    }

    private void check(int steps, int maxTeams, int slotBits, int maxTogether) throws IOException {
        Random random = new Random();
        long seed = random.nextLong();
        random.setSeed(seed);
        KeyValueStore<Bytes, byte[]> store =
                Stores.inMemoryKeyValueStore("view").get();
        ViewWriter writer = new ViewWriter(
                store,
                new TeamSequences(store, maxTeams),
                new ActionIndex(store, slotBits),
                new ReadCache(new MemoryBudget(1 << 20)));
        try {
            new ModelCheck(seed, new ViewReader(store, new BufferPool(folder))).runInBatches(steps, event -> {
                enqueue(writer, event);
                boolean isShown = random.nextInt(maxTogether) == 0;
                if (isShown) {
                    writer.write();
                }
                return isShown;
            });
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static void enqueue(ViewWriter writer, Event event) {
        byte[] key = event.key().getBytes(UTF_8);
        byte[] value = event.value() == null ? null : event.value().getBytes(UTF_8);
        EventDecoder.Kind kind = event.isPeriod() ? EventDecoder.Kind.PERIODS : EventDecoder.Kind.ACTIONS;
        ParseResult<Change> result = EventDecoder.decode(kind, key, value, event.timestamp());
        if (result instanceof ParseResult.Parsed<Change> parsed) {
            writer.enqueue(parsed.value(), 0);
        } else {
            throw new AssertionError(event + " was rejected: " + result);
        }
    }
}
