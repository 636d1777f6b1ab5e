package io.periodview.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** How targets that take several values find them in one input that can still be read and written by people. */
public final class Inputs {

    private Inputs() {}

    /** What stands between the line feeds; at least one. */
    public static List<byte[]> lines(byte[] input) {
        List<byte[]> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= input.length; i++) {
            if (i == input.length || input[i] == '\n') {
                lines.add(Arrays.copyOfRange(input, from, i));
                from = i + 1;
            }
        }
        return lines;
    }

    /** Of lines {@code name=value}; without the sign the value is null. */
    public static Headers headers(List<byte[]> lines) {
        RecordHeaders headers = new RecordHeaders();
        for (byte[] line : lines) {
            int equals = 0;
            while (equals < line.length && line[equals] != '=') {
                equals++;
            }
            headers.add(
                    new String(line, 0, equals, UTF_8),
                    equals == line.length ? null : Arrays.copyOfRange(line, equals + 1, line.length));
        }
        return headers;
    }
}
