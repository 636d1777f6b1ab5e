package io.periodview.streams.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.intake.Intake;
import io.periodview.streams.owned.Live;
import io.periodview.streams.owned.LiveSpace;
import io.periodview.streams.owned.Versions;
import io.periodview.streams.view.Answer;
import io.periodview.streams.view.AnswerSpace;
import io.periodview.streams.view.Question;
import io.periodview.streams.view.ViewReader;
import io.periodview.testkit.Event;
import io.periodview.testkit.RandomHistory;
import io.periodview.topics.EventKey;
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
class LiveRowsTest {

    private static final int PERIODS = 7;
    private static final Pattern ACTION_ID = Pattern.compile("\"actionId\":(\\d+),");

    @TempDir
    private Path folder;

    private final MomentStore store = new MomentStore();
    private final Versions versions = new Versions(new LiveSpace());
    private final ViewWriter writer = new ViewWriter(store, versions);
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
                Question question = new Question.Actions(event.teamId(), period, null);
                asked++;
                assertThat(ask(question))
                        .as("seed %d, step %d, %s after %s", seed, step, question, event)
                        .isEqualTo(text(question.ask(reader())));
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
                    take(false, "7/" + (1 + random.nextInt(100)), action(random), 0);
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
        Question question = new Question.Actions(7, 1, null);
        assertThat(ask(question)).isEqualTo(text(question.ask(reader())));
    }

    @Test
    void areNotKeptForAPeriodThatNobodyReadsAnyMore() throws IOException {
        apply(true, "7/1", period("P"), 0);
        Question question = new Question.Actions(7, 1, null);
        Random random = new Random(1);
        for (int i = 0; i < 5; i++) {
            apply(false, "7/1", action(random), 0);
            ask(question);
        }
        assertThat(question.live(versions)).isNotNull();
        for (int i = 0; i < 1_001; i++) {
            apply(false, "7/1", action(random), 0);
        }
        assertThat(question.live(versions)).isNull();
    }

    private int readUntil(AtomicBoolean stopped) throws IOException {
        int reads = 0;
        while (!stopped.get()) {
            String body = ask(new Question.Actions(7, 1, null));
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

    /** As the owner asks itself. */
    private @Nullable String ask(Question question) throws IOException {
        Live live = question.live(versions);
        if (live == null) {
            return text(question.ask(reader(), versions, question.version(versions)));
        }
        fromMemory.incrementAndGet();
        return text(question.ask(new AnswerSpace(folder), live));
    }

    private ViewReader reader() {
        return new ViewReader(store, new AnswerSpace(folder));
    }

    private static @Nullable String text(@Nullable Answer answer) throws IOException {
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
        take(isPeriod, key, value, timestamp);
        writer.write();
    }

    private void take(boolean isPeriod, String key, @Nullable String value, long timestamp) {
        byte[] rawKey = key.getBytes(UTF_8);
        byte[] bytes = value == null ? null : value.getBytes(UTF_8);
        Intake.Kind kind = isPeriod ? Intake.Kind.PERIODS : Intake.Kind.ACTIONS;
        Intake.Taken taken = Intake.take(kind, EventKey.parse(rawKey), rawKey, bytes, timestamp);
        writer.take(((Intake.Taken.Accepted) taken).change(), 0);
    }
}
