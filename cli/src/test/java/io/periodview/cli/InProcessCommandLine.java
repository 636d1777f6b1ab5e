package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Runs command lines that need no process of their own, against any broker. */
public final class InProcessCommandLine {

    private final Map<String, String> environment;

    public InProcessCommandLine(String bootstrapServers, String topicPrefix) {
        environment =
                Map.of("PERIOD_VIEW_BOOTSTRAP_SERVERS", bootstrapServers, "PERIOD_VIEW_TOPIC_PREFIX", topicPrefix);
    }

    /** The exit status of a command line, and what it printed. */
    public record Outcome(int status, String out, String err) {}

    public Outcome run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = new CommandLineRunner(environment, new PrintWriter(out, true), new PrintWriter(err, true))
                .run(arguments);
        return new Outcome(status, out.toString(), err.toString());
    }

    /** What a command that must succeed prints to stdout. */
    public String result(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.status()).as("%s", outcome).isZero();
        return outcome.out().strip();
    }

    /** What a command that must fail prints to stderr. */
    public String failure(String... arguments) {
        Outcome outcome = run(arguments);
        assertThat(outcome.status()).as("%s", outcome).isEqualTo(1);
        return outcome.err().strip();
    }

    /** A reader for each team, with a key of its own. */
    public Map<Long, ApiReader> readers(int port, Iterable<Long> teams) {
        Map<Long, ApiReader> readers = new LinkedHashMap<>();
        for (long team : teams) {
            String key = result("keys", "create", "--team", Long.toString(team), "--name", "port " + port);
            readers.put(team, ApiReader.at(port, key));
        }
        return readers;
    }
}
