package io.periodview.streams.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.ResponseBody;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResponseCacheTest {

    private static final int MAX_BYTES = 8_000;

    /** Of which a cached response takes an eighth. */
    private static final int LARGEST = MAX_BYTES / 8;

    @TempDir
    Path folder;

    private final ResponseCache cache = new ResponseCache(MAX_BYTES);

    @Test
    void anAnswerIsKeptTheSecondTimeItIsGatheredAtTheSameVersion() throws IOException {
        Query query = new Query.Actions(7, 1, null);
        offer(query, "a-1", "first");
        assertThat(cache.get(query, "a-1")).isNull();
        offer(query, "a-2", "second");
        assertThat(cache.get(query, "a-2")).as("it had changed in between").isNull();
        offer(query, "a-2", "second");
        assertThat(text(cache.get(query, "a-2"))).isEqualTo("second");
        assertThat(cache.get(query, "a-1")).isNull();
        assertThat(cache.get(query, "a-3")).isNull();
    }

    @Test
    void equalFormFieldsMakeEqualQueries() throws IOException {
        offerTwice(new Query.Actions(7, 1, new FormFieldSelection(List.of("a", "b"))), "v", "with fields");
        assertThat(cache.get(new Query.Actions(7, 1, new FormFieldSelection(List.of("a", "b"))), "v"))
                .isNotNull();
        assertThat(cache.get(new Query.Actions(7, 1, new FormFieldSelection(List.of("b", "a"))), "v"))
                .isNull();
        assertThat(cache.get(new Query.Actions(7, 1, null), "v")).isNull();
        assertThat(cache.get(new Query.Actions(8, 1, new FormFieldSelection(List.of("a", "b"))), "v"))
                .isNull();
    }

    @Test
    void theLongestUnusedGoFirstAndWhatIsTooLargeIsNotKept() throws IOException {
        for (int period = 1; period <= 9; period++) {
            offerTwice(new Query.Actions(7, period, null), "v", "x".repeat(LARGEST));
            assertThat(cache.get(new Query.Actions(7, 1, null), "v")).isNotNull();
        }
        // Each takes half as much again: what was asked, and room for it compressed.
        assertThat(cache.get(new Query.Actions(7, 5, null), "v")).isNull();
        assertThat(cache.get(new Query.Actions(7, 6, null), "v")).isNotNull();
        offerTwice(new Query.Actions(7, 10, null), "v", "x".repeat(LARGEST + 1));
        assertThat(cache.get(new Query.Actions(7, 10, null), "v")).isNull();
    }

    @Test
    void whatWasAskedTakesRoomToo() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            offer(new Query.Actions(7, 1, new FormFieldSelection(List.of(i + "x".repeat(1_000)))), "v", "");
            assertThat(cache.bytes()).isBetween(1_000L, (long) MAX_BYTES);
        }
    }

    @Test
    void isCompressedOnceForAll() throws IOException {
        Query query = new Query.Periods(7, null, null);
        String body = "{\"periods\":[]} ".repeat(50);
        offerTwice(query, "v", body);
        ResponseBody answer = Objects.requireNonNull(cache.get(query, "v"));
        ResponseBody gzipped = answer.gzipped();
        assertThat(gzipped).isSameAs(answer.gzipped());
        assertThat(gzipped.rows()).isEqualTo(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        gzipped.writeTo(out);
        assertThat(gzipped.length()).isEqualTo(out.size());
        assertThat(new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes())
                .isEqualTo(body.getBytes(UTF_8));
    }

    private void offerTwice(Query query, String version, String body) throws IOException {
        offer(query, version, body);
        offer(query, version, body);
    }

    private void offer(Query query, String version, String body) throws IOException {
        try (BufferedBody answer = new BufferedBody(new BufferPool(folder))) {
            answer.write(body.getBytes(UTF_8));
            answer.countRow();
            cache.offer(query, version, answer);
        }
    }

    private static String text(@Nullable ResponseBody answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(answer).writeTo(out);
        return out.toString(UTF_8);
    }
}
