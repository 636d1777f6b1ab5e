package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.api.Instance;
import java.util.List;
import java.util.regex.Pattern;

/** What an instance says at {@code GET /metrics} at one moment. */
record Scrape(String text) {

    private static final Pattern SAMPLE = Pattern.compile(
            "[a-z_][a-z0-9_]*(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? (NaN|[-+]?Inf|[-+0-9.eE]+)");

    static Scrape of(Instance instance) {
        Reply reply = new Client(instance.adminPort())
                .send("GET", "GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(UTF_8));
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.header("Content-Type")).hasValue("text/plain; version=0.0.4; charset=utf-8");
        return new Scrape(reply.text());
    }

    List<String> samples() {
        return text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    void assertWellFormed() {
        assertThat(samples()).isNotEmpty().allMatch(SAMPLE.asMatchPredicate());
    }

    /** By how much the sum has grown since an earlier scrape. */
    double since(Scrape before, String name, String... labels) {
        return sum(name, labels) - before.sum(name, labels);
    }

    /** The sum of all samples of a name with all of these labels, such as {@code code="too-large"}. */
    double sum(String name, String... labels) {
        List<String> found = samples().stream()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .filter(line -> List.of(labels).stream().allMatch(line::contains))
                .toList();
        assertThat(found).as("%s %s", name, List.of(labels)).isNotEmpty();
        return found.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
