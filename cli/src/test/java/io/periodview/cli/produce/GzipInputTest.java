package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipInputTest {

    private static final byte[] PLAIN = new byte[300_000];

    static {
        new Random(1).nextBytes(PLAIN);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** From a pipe that delivers a few bytes at a time, and never knows whether there are more. */
    private static byte[] read(byte[] compressed) throws IOException {
        InputStream pipe = new ByteArrayInputStream(compressed) {
            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                return super.read(bytes, offset, Math.min(length, 1_000));
            }

            @Override
            public synchronized int available() {
                return 0;
            }
        };
        try (GzipInput input = new GzipInput(pipe)) {
            return input.readAllBytes();
        }
    }

    @Test
    void allMembersAreRead() throws IOException {
        assertThat(read(gzip(PLAIN))).isEqualTo(PLAIN);
        assertThat(read(gzip(new byte[0]))).isEmpty();
        assertThat(read(join(gzip(PLAIN), gzip(new byte[0]), gzip(PLAIN)))).isEqualTo(join(PLAIN, PLAIN));
    }

    @Test
    void aHeaderMayHaveANameACommentAndMore() throws IOException {
        byte[] member = gzip(PLAIN);
        byte[] header = {0x1f, (byte) 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3, 2, 0, 9, 9, 'n', 0, 'c', 0, 7, 7};
        assertThat(read(join(header, Arrays.copyOfRange(member, 10, member.length))))
                .isEqualTo(PLAIN);
    }

    @Test
    void whatFollowsAndIsNoGzipIsAnError() throws IOException {
        for (String rest : new String[] {"x", "\n", "\0", "{\"topic\":\"actions\"}\n", "\u001f", "x".repeat(100_000)}) {
            assertThatThrownBy(() -> read(join(gzip(PLAIN), rest.getBytes(UTF_8))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("something that is no gzip follows the gzip data");
        }
    }

    @Test
    void whatIsCutOffOrDamagedIsAnError() throws IOException {
        byte[] good = gzip(PLAIN);
        for (int length : new int[] {5, 100, good.length - 9, good.length - 8, good.length - 1}) {
            assertThatThrownBy(() -> read(Arrays.copyOf(good, length))).isInstanceOf(EOFException.class);
        }
        byte[] damaged = good.clone();
        damaged[good.length - 6] ^= 1;
        assertThatThrownBy(() -> read(damaged)).hasMessageContaining("checksum");
    }
}
