package io.periodview.streams.response;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BufferedBodyTest {

    private static final int MEGABYTE = 1 << 20;

    /** What {@link BufferPool} has for all answers together. */
    private static final long BUDGET = 64L * MEGABYTE;

    private static final long FILE_BUDGET = 8192L * MEGABYTE;

    @TempDir
    Path folder;

    @AfterEach
    void noFileIsLeft() throws IOException {
        if (isSpilled()) {
            try (var files = Files.list(folder.resolve("responses"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    void whatCouldNotBeWrittenToAFileIsGivenBackToo() throws IOException {
        BufferPool pool = poolWith(0);
        try (BufferedBody answer = new BufferedBody(pool)) {
            Thread.currentThread().interrupt(); // files are closed under a thread that is
            assertThatThrownBy(() -> answer.write(new byte[MEGABYTE])).isInstanceOf(IOException.class);
            assertThat(Thread.interrupted()).isTrue();
        }
        pool.reserveFile(FILE_BUDGET);
    }

    /** Whether an answer went to a file; the file itself is not to be seen everywhere. */
    private boolean isSpilled() {
        return Files.exists(folder.resolve("responses"));
    }

    private BufferPool pool() {
        return new BufferPool(folder.resolve("responses"));
    }

    /** A pool of which only so much is left. */
    private BufferPool poolWith(long bytes) {
        BufferPool pool = pool();
        assertThat(pool.reserve(BUDGET - bytes)).isTrue();
        return pool;
    }

    private static long left(BufferPool pool) {
        long left = 0;
        for (long step = BUDGET; step > 0; step /= 2) {
            left += pool.reserve(step) ? step : 0;
        }
        pool.release(left);
        return left;
    }

    private static byte[] bytesOf(BufferedBody answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        answer.writeTo(out);
        assertThat(answer.length()).isEqualTo(out.size());
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 8_192, 100_000, 3L * MEGABYTE, BUDGET})
    void anAnswerIsWhatWasWrittenWhateverRoomThereIs(long room) throws IOException {
        for (int seed = 0; seed < 3; seed++) {
            BufferPool pool = poolWith(room);
            Random random = new Random(seed);
            ByteArrayOutputStream written = new ByteArrayOutputStream();
            try (BufferedBody answer = new BufferedBody(pool)) {
                while (written.size() < 5 * MEGABYTE) {
                    byte[] piece = new byte[random.nextInt(100) == 0 ? random.nextInt(MEGABYTE) : random.nextInt(900)];
                    random.nextBytes(piece);
                    int from = random.nextInt(piece.length + 1);
                    int length = random.nextInt(piece.length - from + 1);
                    answer.write(piece, from, length);
                    written.write(piece, from, length);
                    answer.write('x');
                    written.write('x');
                    long number = random.nextLong();
                    answer.write(number);
                    written.write(Long.toString(number).getBytes(ISO_8859_1));
                }
                assertThat(bytesOf(answer)).as("seed %s", seed).isEqualTo(written.toByteArray());
                assertThat(bytesOf(answer)).as("seed %s, again", seed).isEqualTo(written.toByteArray());
            }
            assertThat(left(pool)).isEqualTo(room);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 100_000, BUDGET})
    void anyPartIsCopiedWhereverItIs(long room) throws IOException {
        BufferPool pool = poolWith(room);
        byte[] written = new byte[5 * MEGABYTE];
        Random random = new Random(1);
        random.nextBytes(written);
        try (BufferedBody answer = new BufferedBody(pool)) {
            for (int at = 0; at < written.length; at += 1_000) {
                answer.write(written, at, Math.min(1_000, written.length - at));
            }
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(written.length);
                int length = random.nextInt(written.length - from);
                try (BufferedBody part = new BufferedBody(pool)) {
                    answer.copyTo(part, from, length);
                    assertThat(bytesOf(part)).isEqualTo(Arrays.copyOfRange(written, from, from + length));
                }
            }
        }
        assertThat(left(pool)).isEqualTo(room);
    }

    @Test
    void aTeamHasItsShareOfLargeAnswersThatAreWrittenAndOthersHaveTheirs() throws IOException {
        BufferPool all = poolWith(0);
        List<BufferPool> requests = new ArrayList<>();
        List<BufferedBody> large = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BufferPool request = all.forRequestOf(7);
            requests.add(request);
            large.add(spilled(request));
            large.add(spilled(request)); // such as notes
        }
        assertThatThrownBy(() -> spilled(all.forRequestOf(7))).isInstanceOf(NoBufferSpaceException.class);
        large.add(spilled(all.forRequestOf(8)));
        requests.get(0).written(); // and is sent for as long as its reader likes
        large.add(spilled(all.forRequestOf(7)));
        assertThatThrownBy(() -> spilled(all.forRequestOf(7))).isInstanceOf(NoBufferSpaceException.class);
        for (BufferedBody each : large) {
            each.close();
        }
    }

    @Test
    void aTeamTakesHalfOfTheMemoryAtMost() throws IOException {
        BufferPool all = pool();
        List<BufferedBody> taken = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            BufferedBody body = new BufferedBody(all.forRequestOf(7));
            taken.add(body);
            body.expect(MEGABYTE);
        }
        assertThat(all.used()).isEqualTo(BUDGET / 2);
        BufferedBody others = new BufferedBody(all.forRequestOf(8));
        taken.add(others);
        others.expect(MEGABYTE);
        assertThat(all.used()).isEqualTo(BUDGET / 2 + MEGABYTE);
        for (BufferedBody each : taken) {
            each.close();
        }
        assertThat(all.used()).isZero();
    }

    private static BufferedBody spilled(BufferPool pool) throws IOException {
        BufferedBody body = new BufferedBody(pool);
        body.write(new byte[BufferedBody.FIRST_BUFFER]);
        body.write('x');
        return body;
    }

    @Test
    void aSmallAnswerTakesNothing() throws IOException {
        BufferPool pool = poolWith(0);
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.write(new byte[BufferedBody.FIRST_BUFFER]);
            assertThat(isSpilled()).isFalse();
            answer.write('x');
            assertThat(isSpilled()).isTrue();
            assertThat(answer.length()).isEqualTo(BufferedBody.FIRST_BUFFER + 1);
        }
    }

    @Test
    void anAnswerStaysInMemoryUpToItsShareAndNoLonger() throws IOException {
        BufferPool pool = pool();
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.write(new byte[BufferPool.MAX_MEMORY_PER_BODY]);
            assertThat(isSpilled()).isFalse();
            answer.write('x');
            assertThat(isSpilled()).isTrue();
            answer.write(new byte[3 * BufferPool.MAX_MEMORY_PER_BODY]);
            assertThat(left(pool)).isEqualTo(BUDGET - BufferPool.MAX_MEMORY_PER_BODY);
            assertThat(bytesOf(answer)).hasSize(4 * BufferPool.MAX_MEMORY_PER_BODY + 1);
        }
        assertThat(left(pool)).isEqualTo(BUDGET);
    }

    @Test
    void allAnswersTogetherHaveABudgetAndGiveItBack() throws IOException {
        BufferPool pool = pool();
        List<BufferedBody> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            BufferedBody answer = new BufferedBody(pool);
            answer.write(new byte[3 * MEGABYTE]);
            answers.add(answer);
        }
        // 4 MB each for the first of them, files for the others.
        assertThat(left(pool)).isZero();
        assertThat(isSpilled()).isTrue();
        for (BufferedBody answer : answers) {
            assertThat(answer.length()).isEqualTo(3L * MEGABYTE);
            answer.close();
            answer.close(); // gives nothing back that it has not taken
        }
        assertThat(left(pool)).isEqualTo(BUDGET);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000, 8_192, 8_193, 300_000, 5 * MEGABYTE})
    void gzipIsTheSameAnswer(int length) throws IOException {
        for (long room : new long[] {0, BUDGET}) {
            BufferPool pool = poolWith(room);
            byte[] body = new byte[length];
            Random random = new Random(length);
            for (int i = 0; i < length; i++) {
                body[i] = (byte) (' ' + random.nextInt(90)); // hard to compress: the copy is large too
            }
            try (BufferedBody answer = new BufferedBody(pool)) {
                answer.write(body);
                answer.countRow();
                try (BufferedBody gzipped = answer.gzipped()) {
                    assertThat(gzipped.rows()).isEqualTo(1);
                    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytesOf(gzipped)))) {
                        assertThat(gzip.readAllBytes()).isEqualTo(body);
                    }
                }
                assertThat(bytesOf(answer)).isEqualTo(body);
            }
            assertThat(left(pool)).isEqualTo(room);
        }
    }

    @Test
    void anAnswerIsAppendedWithoutItsRows() throws IOException {
        BufferPool pool = poolWith(0);
        try (BufferedBody answer = new BufferedBody(pool);
                BufferedBody notes = new BufferedBody(pool)) {
            byte[] long1 = "a".repeat(20_000).getBytes(ISO_8859_1);
            byte[] long2 = "b".repeat(20_000).getBytes(ISO_8859_1);
            notes.write(long2);
            notes.countRow();
            answer.write(long1);
            answer.append(notes);
            answer.write('c');
            assertThat(answer.rows()).isZero();
            assertThat(new String(bytesOf(answer), ISO_8859_1))
                    .isEqualTo("a".repeat(20_000) + "b".repeat(20_000) + "c");
        }
    }

    @Test
    void aBufferServesTheNextAnswerAndNoTwoAtOnce() throws IOException {
        BufferPool pool = pool();
        try (BufferedBody first = new BufferedBody(pool)) {
            first.write(new byte[100_000]);
        }
        byte[] again = Objects.requireNonNull(pool.take(128 << 10));
        byte[] another = pool.take(128 << 10);
        assertThat(another).isNotNull().isNotSameAs(again);
        pool.giveBack(again);
        assertThat(pool.take(128 << 10)).isSameAs(again);
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.close();
            assertThatThrownBy(() -> answer.write('x')).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void buffersOfOneLengthDoNotKeepOthersOut() throws IOException {
        BufferPool pool = pool();
        List<byte[]> large = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            large.add(Objects.requireNonNull(pool.take(2 << 20)));
        }
        large.forEach(pool::giveBack);
        byte[] small = Objects.requireNonNull(pool.take(128 << 10));
        pool.giveBack(small);
        assertThat(pool.take(128 << 10)).isSameAs(small);
        List<byte[]> again = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            again.add(Objects.requireNonNull(pool.take(2 << 20)));
        }
        assertThat(again).filteredOn(large::contains).as("kept").hasSize(1);
    }

    @Test
    void aBufferThatABrokenConnectionMayHoldGoesToNobodyElse() throws IOException {
        BufferPool pool = pool();
        List<byte[]> held = new ArrayList<>();
        OutputStream broken = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken");
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                held.add(bytes);
                throw new IOException("broken");
            }
        };
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.write(new byte[100_000]);
            assertThatThrownBy(() -> answer.writeTo(broken)).isInstanceOf(IOException.class);
        }
        assertThat(left(pool)).isEqualTo(BUDGET);
        assertThat(pool.take(128 << 10)).isNotNull().isNotSameAs(held.get(0));
    }

    @Test
    void aFileIsHandedOnInLargePieces() throws IOException {
        BufferPool pool = poolWith(0);
        List<Integer> pieces = new ArrayList<>();
        OutputStream out = new OutputStream() {
            @Override
            public void write(int b) {
                pieces.add(1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) {
                pieces.add(length);
            }
        };
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.write(new byte[10 * BufferedBody.PIECE]);
            answer.writeTo(out);
        }
        assertThat(pieces).contains(BufferedBody.PIECE).hasSizeLessThanOrEqualTo(12);
        assertThat(pieces.stream().mapToInt(each -> each).sum()).isEqualTo(10 * BufferedBody.PIECE);
    }

    @Test
    void aFolderThatCannotBeUsedIsAFailureAndLosesNoRoom() throws IOException {
        Files.writeString(folder.resolve("responses-file"), "in the way");
        BufferPool pool = new BufferPool(folder.resolve("responses-file"));
        try (BufferedBody answer = new BufferedBody(pool)) {
            answer.write(new byte[MEGABYTE]);
            assertThatThrownBy(() -> answer.write(new byte[4 * MEGABYTE])).isInstanceOf(IOException.class);
        }
        assertThat(pool.reserve(BUDGET - 3L * MEGABYTE)).isTrue();
        try (BufferedBody answer = new BufferedBody(pool)) {
            byte[] random = new byte[2 * MEGABYTE];
            new Random(1).nextBytes(random);
            answer.write(random); // takes half of what is left, so that its copy finds no room
            assertThatThrownBy(answer::gzipped).isInstanceOf(IOException.class);
        }
        assertThat(left(pool)).isEqualTo(3L * MEGABYTE);
    }
}
