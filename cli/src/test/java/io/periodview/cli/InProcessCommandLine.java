package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs command lines that need no process of their own, against a broker that somebody else has started. */
public final class InProcessCommandLine {

    private final String bootstrapServers;
    private final String topicPrefix;

    public InProcessCommandLine(String bootstrapServers, String topicPrefix) {
        this.bootstrapServers = bootstrapServers;
        this.topicPrefix = topicPrefix;
    }

    /** What a command that must succeed printed to stdout. */
    public String result(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Map<String, String> environment =
                Map.of("PERIOD_VIEW_BOOTSTRAP_SERVERS", bootstrapServers, "PERIOD_VIEW_TOPIC_PREFIX", topicPrefix);
        int status = new CommandLineRunner(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
        assertThat(status).as("%s%s", out, err).isZero();
        return out.toString().strip();
    }

    /** A reader of each team, with a key of its own. */
    public Map<Long, ApiReader> readers(int port, Iterable<Long> teams) {
        Map<Long, ApiReader> readers = new LinkedHashMap<>();
        for (long team : teams) {
            String key = result("keys", "create", "--team", Long.toString(team), "--name", "port " + port);
            readers.put(team, ApiReader.at(port, key));
        }
        return readers;
    }
}
