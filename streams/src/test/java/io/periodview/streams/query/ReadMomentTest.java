package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.apply.ViewWriter;
import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.memory.MemoryBudget;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.ResponseBody;
import io.periodview.topics.ParseResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that is queried through Kafka Streams opens a range only when it is first asked: changes may come before. */
class ReadMomentTest {

    private final KeyValueStore<Bytes, byte[]> store =
            Stores.inMemoryKeyValueStore("view").get();
    private final ViewWriter writer = new ViewWriter(store, new ReadCache(new MemoryBudget(1 << 20)));

    @TempDir
    private Path folder;

    @Test
    void anAnswerShowsOneMomentWhenThePeriodChangesBeforeTheRangeIsOpened() throws IOException {
        apply(EventDecoder.Kind.PERIODS, "1/1", "{'name':'P','start_date':'2024-01-01T00:00Z'}");
        apply(EventDecoder.Kind.ACTIONS, "1/5", "{'createdTime':'2024-01-02T00:00Z','status':'open'}");
        LateStore late = new LateStore(() -> {
            apply(EventDecoder.Kind.PERIODS, "1/1", null);
            apply(EventDecoder.Kind.PERIODS, "1/1", "{'name':'Again','start_date':'2024-01-01T00:00Z'}");
        });
        try (ResponseBody answer =
                Objects.requireNonNull(new ViewReader(late, new BufferPool(folder)).actions(1, 1, null))) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            assertThat(body.toString(UTF_8)).contains("\"periodName\":\"Again\"", "\"actionId\":5");
        }
    }

    private void apply(EventDecoder.Kind kind, String key, @Nullable String value) {
        byte[] bytes = value == null ? null : value.replace('\'', '"').getBytes(UTF_8);
        byte[] rawKey = key.getBytes(UTF_8);
        ParseResult<Change> result = EventDecoder.decode(kind, rawKey, bytes, 0);
        writer.enqueue(((ParseResult.Parsed<Change>) result).value(), 0);
        writer.write();
    }

    /** Opens a range at the first question, as Kafka Streams' composite stores do, and something happens before that. */
    private final class LateStore implements ReadOnlyKeyValueStore<Bytes, byte[]> {
        private final Runnable before;
        private boolean happened;

        LateStore(Runnable before) {
            this.before = before;
        }

        @Override
        @SuppressWarnings("NullAway") // null is "not there"
        public byte[] get(Bytes key) {
            return store.get(key);
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
            return new KeyValueIterator<>() {
                private @Nullable KeyValueIterator<Bytes, byte[]> rows;

                private KeyValueIterator<Bytes, byte[]> rows() {
                    if (!happened) {
                        happened = true;
                        before.run();
                    }
                    KeyValueIterator<Bytes, byte[]> opened = rows == null ? store.range(from, to) : rows;
                    rows = opened;
                    return opened;
                }

                @Override
                public void close() {
                    if (rows != null) {
                        rows.close();
                    }
                }

                @Override
                public Bytes peekNextKey() {
                    return rows().peekNextKey();
                }

                @Override
                public boolean hasNext() {
                    return rows().hasNext();
                }

                @Override
                public KeyValue<Bytes, byte[]> next() {
                    return rows().next();
                }
            };
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> all() {
            return store.all();
        }

        @Override
        public long approximateNumEntries() {
            return store.approximateNumEntries();
        }
    }
}
