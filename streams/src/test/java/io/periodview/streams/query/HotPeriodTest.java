package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.apply.ViewWriter;
import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.cache.Scan;
import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.memory.MemoryBudget;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.ResponseBody;
import io.periodview.testkit.Event;
import io.periodview.testkit.RandomHistory;
import io.periodview.topics.ParseResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Periods that are read while they change are kept in memory: they show what the store shows. */
class HotPeriodTest {

    private static final int PERIODS = 7;
    private static final Pattern ACTION_ID = Pattern.compile("\"actionId\":(\\d+),");

    @TempDir
    private Path folder;

    private final MomentStore store = new MomentStore();
    private final MemoryBudget memory = new MemoryBudget(64 << 20);
    private final ReadCache cache = new ReadCache(memory);
    private final ViewWriter writer = new ViewWriter(store, cache);
    private final AtomicInteger fromMemory = new AtomicInteger();

    @Test
    void showWhatTheStoreShowsAfterEveryEvent() throws IOException {
        long seed = new Random().nextLong();
        RandomHistory history = new RandomHistory(seed);
        int asked = 0;
        for (int step = 0; step < 5_000; step++) {
            Event event = history.next();
            apply(event.isPeriod(), event.key(), event.value(), event.timestamp());
            for (long period = 1; period <= PERIODS; period++) {
                Query.Actions query = new Query.Actions(event.teamId(), period, null);
                asked++;
                assertThat(ask(query))
                        .as("seed %d, step %d, %s after %s", seed, step, query, event)
                        .isEqualTo(text(fromStore(query)));
            }
        }
        assertThat(fromMemory.get()).isGreaterThan(asked / 10);
    }

    /** Each event moves one action of a period that has a hundred: whoever sees a mixture sees fewer or one twice. */
    @Test
    void showOneMomentToReadersWhileAWriterWrites() throws Exception {
        apply(true, "7/1", period("P"), 0);
        Random random = new Random(1);
        for (int action = 1; action <= 100; action++) {
            apply(false, "7/" + action, action(random), 0);
        }
        AtomicBoolean stopped = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> reads = new ArrayList<>();
            for (int reader = 0; reader < 3; reader++) {
                reads.add(readers.submit(() -> readUntil(stopped)));
            }
            for (int step = 0; step < 30_000; step++) {
                if (step % 500 == 0) {
                    apply(true, "7/1", period("P" + step), 0);
                } else {
                    enqueue(false, "7/" + (1 + random.nextInt(100)), action(random), 0);
                }
                if (random.nextInt(3) == 0) {
                    writer.write();
                }
            }
            writer.write();
            stopped.set(true);
            for (Future<Integer> read : reads) {
                assertThat(read.get()).isPositive();
            }
        } finally {
            stopped.set(true);
            readers.shutdown();
        }
        assertThat(fromMemory.get()).isPositive();
        Query.Actions query = new Query.Actions(7, 1, null);
        assertThat(ask(query)).isEqualTo(text(fromStore(query)));
    }

    @Test
    void areEvictedWhenNobodyReadsThePeriodAnyMore() throws IOException {
        apply(true, "7/1", period("P"), 0);
        Query.Actions query = new Query.Actions(7, 1, null);
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            apply(false, "7/1", action(random), 0);
            ask(query);
        }
        assertThat(cache.period(7, 1, true).rows()).isNotNull();
        for (int i = 0; i < 1_001; i++) {
            apply(false, "7/1", action(random), 0);
        }
        assertThat(cache.period(7, 1, true).rows()).isNull();
    }

    /** Nobody who asks for form fields is answered from memory, and others do not want them. */
    @Test
    void formFieldsAreNotKept() throws IOException {
        apply(true, "7/1", period("P"), 0);
        String fields = "\"formFields\":{\"note\":\"" + "x".repeat(90_000) + "\"}";
        for (int action = 1; action <= 100; action++) {
            apply(false, "7/" + action, "{\"createdTime\":\"2024-07-01T00:00:00Z\"," + fields + "}", 0);
        }
        Query.Actions query = new Query.Actions(7, 1, null);
        for (int i = 0; i < 5; i++) {
            assertThat(ask(query)).isEqualTo(text(fromStore(query)));
            apply(false, "7/" + (i + 1), "{\"createdTime\":\"2024-07-01T00:00:00Z\"," + fields + "}", 0);
        }
        assertThat(fromMemory.get()).isPositive();
        assertThat(memory.used()).isBetween(10_000L, 200_000L);
    }

    /** What is read is as large as anybody likes: it is given up as soon as there is no room for it. */
    @Test
    void rowsThatDoNotFitAreNotCollected() throws IOException {
        apply(true, "7/1", period("P"), 0);
        for (int action = 1; action <= 200; action++) {
            apply(
                    false,
                    "7/" + action,
                    "{\"createdTime\":\"2024-07-01T00:00:00Z\",\"status\":\"" + "x".repeat(1_000) + "\"}",
                    0);
        }
        MemoryBudget small = new MemoryBudget(50_000);
        ReadCache cramped = new ReadCache(small);
        for (int i = 0; i < 10; i++) {
            ReadCache.Entry entry = cramped.period(7, 1, true);
            assertThat(entry.rows()).isNull();
            try (Scan scan = cramped.scan(7, 1, entry.version(), true)) {
                Scan watched = new Scan() {
                    @Override
                    public void period(byte[] row, long start, long end) {
                        scan.period(row, start, end);
                    }

                    @Override
                    public boolean wantsRows() {
                        return scan.wantsRows();
                    }

                    @Override
                    public void row(long createdTime, long actionId, byte[] row) {
                        scan.row(createdTime, actionId, row);
                        assertThat(small.used()).isLessThanOrEqualTo(small.max());
                    }

                    @Override
                    public void complete() {
                        scan.complete();
                    }

                    @Override
                    public void close() {}
                };
                assertThat(text(reader().actions(7, 1, null, watched))).contains("\"actionId\":200");
            }
            assertThat(small.used()).isZero();
        }
    }

    private int readUntil(AtomicBoolean stopped) throws IOException {
        int reads = 0;
        while (!stopped.get()) {
            String body = ask(new Query.Actions(7, 1, null));
            Set<String> actions = new HashSet<>();
            Matcher ids = ACTION_ID.matcher(String.valueOf(body));
            while (ids.find()) {
                assertThat(actions.add(ids.group(1))).as("once in %s", body).isTrue();
            }
            assertThat(actions).as("all in %s", body).hasSize(100);
            reads++;
        }
        return reads;
    }

    /** As the owner answers. */
    private @Nullable String ask(Query.Actions query) throws IOException {
        ReadCache.Entry entry = cache.period(query.teamId(), query.periodId(), true);
        if (entry.rows() != null) {
            fromMemory.incrementAndGet();
            return text(ViewReader.actions(new BufferPool(folder), query.periodId(), entry.rows()));
        }
        try (Scan scan = cache.scan(query.teamId(), query.periodId(), entry.version(), true)) {
            return text(reader().actions(query.teamId(), query.periodId(), null, scan));
        }
    }

    private @Nullable BufferedBody fromStore(Query.Actions query) throws IOException {
        return reader().actions(query.teamId(), query.periodId(), null);
    }

    private ViewReader reader() {
        return new ViewReader(store, new BufferPool(folder));
    }

    private static @Nullable String text(@Nullable ResponseBody answer) throws IOException {
        if (answer == null) {
            return null;
        }
        try (answer) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            return body.toString(UTF_8);
        }
    }

    private static String period(String name) {
        return "{\"name\":\"" + name + "\",\"start_date\":\"2024-07-01T00:00:00Z\"}";
    }

    private static String action(Random random) {
        return String.format("{\"createdTime\":\"2024-07-02T00:00:%02dZ\"}", random.nextInt(60));
    }

    private void apply(boolean isPeriod, String key, @Nullable String value, long timestamp) {
        enqueue(isPeriod, key, value, timestamp);
        writer.write();
    }

    private void enqueue(boolean isPeriod, String key, @Nullable String value, long timestamp) {
        byte[] rawKey = key.getBytes(UTF_8);
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        EventDecoder.Kind kind = isPeriod ? EventDecoder.Kind.PERIODS : EventDecoder.Kind.ACTIONS;
        ParseResult<Change> result = EventDecoder.decode(kind, rawKey, bytes, timestamp);
        writer.enqueue(((ParseResult.Parsed<Change>) result).value(), 0);
    }
}
