package io.periodview.streams.query;

import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.ResponseBody;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

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

    private static final int MOST = 8_000;

    @TempDir
    Path folder;

    private final ResponseCache kept = new ResponseCache(MOST);

    @Test
    void anAnswerIsKeptTheSecondTimeItIsGatheredAtTheSameVersion() throws IOException {
        Query question = new Query.Actions(7, 1, null);
        gathered(question, "a-1", "first");
        assertThat(kept.get(question, "a-1")).isNull();
        gathered(question, "a-2", "second");
        assertThat(kept.get(question, "a-2")).as("it had changed in between").isNull();
        gathered(question, "a-2", "second");
        assertThat(text(kept.get(question, "a-2"))).isEqualTo("second");
        assertThat(kept.get(question, "a-1")).isNull();
        assertThat(kept.get(question, "a-3")).isNull();
    }

    @Test
    void sameFormFieldsAreTheSameQuestion() throws IOException {
        gatheredTwice(new Query.Actions(7, 1, new FormFieldSelection(List.of("a", "b"))), "v", "with fields");
        assertThat(kept.get(new Query.Actions(7, 1, new FormFieldSelection(List.of("a", "b"))), "v"))
                .isNotNull();
        assertThat(kept.get(new Query.Actions(7, 1, new FormFieldSelection(List.of("b", "a"))), "v"))
                .isNull();
        assertThat(kept.get(new Query.Actions(7, 1, null), "v")).isNull();
        assertThat(kept.get(new Query.Actions(8, 1, new FormFieldSelection(List.of("a", "b"))), "v"))
                .isNull();
    }

    @Test
    void theLongestUnusedGoFirstAndWhatIsTooLargeIsNotKept() throws IOException {
        for (int period = 1; period <= 9; period++) {
            gatheredTwice(new Query.Actions(7, period, null), "v", "x".repeat(MOST / 8));
            assertThat(kept.get(new Query.Actions(7, 1, null), "v")).isNotNull();
        }
        assertThat(kept.get(new Query.Actions(7, 2, null), "v")).isNull();
        assertThat(kept.get(new Query.Actions(7, 3, null), "v")).isNotNull();
        gatheredTwice(new Query.Actions(7, 10, null), "v", "x".repeat(MOST / 8 + 1));
        assertThat(kept.get(new Query.Actions(7, 10, null), "v")).isNull();
    }

    @Test
    void isCompressedOnceForAll() throws IOException {
        Query question = new Query.Periods(7, null, null);
        String body = "{\"periods\":[]} ".repeat(50);
        gatheredTwice(question, "v", body);
        ResponseBody answer = Objects.requireNonNull(kept.get(question, "v"));
        ResponseBody gzipped = answer.gzipped();
        assertThat(gzipped).isSameAs(answer.gzipped());
        assertThat(gzipped.rows()).isEqualTo(1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        gzipped.writeTo(out);
        assertThat(gzipped.length()).isEqualTo(out.size());
        assertThat(new GZIPInputStream(new ByteArrayInputStream(out.toByteArray())).readAllBytes())
                .isEqualTo(body.getBytes(UTF_8));
    }

    private void gatheredTwice(Query question, String version, String body) throws IOException {
        gathered(question, version, body);
        gathered(question, version, body);
    }

    private void gathered(Query question, String version, String body) throws IOException {
        try (BufferedBody answer = new BufferPool(folder).newAnswer()) {
            answer.write(body.getBytes(UTF_8));
            answer.countRow();
            kept.gathered(question, version, answer);
        }
    }

    private static String text(@Nullable ResponseBody answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Objects.requireNonNull(answer).writeTo(out);
        return out.toString(UTF_8);
    }
}
