package io.periodview.cli.deadletters;

import static io.periodview.cli.deadletters.RejectedEvents.AWAY;
import static io.periodview.cli.deadletters.RejectedEvents.BAD;
import static io.periodview.cli.deadletters.RejectedEvents.HOME;
import static io.periodview.cli.deadletters.RejectedEvents.REJECTED;
import static io.periodview.cli.deadletters.RejectedEvents.THEN;
import static io.periodview.cli.deadletters.RejectedEvents.places;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.topics.Rejection;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersIT {

    private final RejectedEvents events = new RejectedEvents();

    @TempDir
    Path files;

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void listsByTimeOfRejection() {
        String first = events.reject(events.action(HOME, "7/1", 0, BAD), 0);
        String second = events.reject(events.action(AWAY, "8/1", 0, BAD), 2);
        String foreign = events.deadLetter(1, null, "\u001b[2J", new RecordHeaders());
        String third = events.reject(events.period(HOME, "7/2", "x"), 0, Rejection.Code.MALFORMED_JSON);

        Outcome all = run("dead-letters");

        assertThat(all.status()).isZero();
        assertThat(all.err()).isEmpty();
        assertThat(places(all)).containsExactly(first, second, foreign, third);
        assertThat(all.out())
                .contains("    from     actions-" + HOME + "@0  " + TextLetterFormatter.time(THEN))
                .contains(foreign + "  written " + TextLetterFormatter.time(REJECTED + 2) + "  not by the service")
                .contains("\\x1b[2J")
                .doesNotContain("\u001b");
        assertThat(places(run("dead-letters", "--limit", "2"))).containsExactly(foreign, third);
        assertThat(places(run("dead-letters", "--limit", "0"))).isEmpty();
        assertThat(places(run("dead-letters", "--topic", "actions"))).containsExactly(first, second);
        assertThat(places(run("dead-letters", "--topic", "actions", "--limit", "1")))
                .containsExactly(second);
        assertThat(places(run("dead-letters", "--team", "7"))).containsExactly(first, third);
        assertThat(places(run("dead-letters", "--code", "malformed-json"))).containsExactly(third);
        assertThat(places(run("dead-letters", "--since", TextLetterFormatter.time(REJECTED + 2))))
                .containsExactly(foreign, third);
        assertThat(places(run("dead-letters", "--since", "1m"))).isEmpty();
        assertThat(run("dead-letters", "--json").out().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("{\"place\":\"dead-letters-") && line.endsWith("}"));
        assertThat(run("dead-letters", "--summary", "--team", "7").out().lines())
                .hasSize(3);
    }

    @Test
    void refusesOptionsThatMakeNoSense() {
        assertThat(run("dead-letters", "--topic", "incidents").err())
                .contains("'incidents' is neither periods nor actions");
        assertThat(run("dead-letters", "--code", "bad").err()).contains("'bad' is none of invalid-key, empty-value");
        for (String wrong : List.of(
                "dead-letters --limit -1",
                "dead-letters --since tomorrow",
                "dead-letters --summary --follow",
                "dead-letters replay",
                "dead-letters replay --all --team 7",
                "dead-letters replay dead-letters-0@1 --topic actions",
                "dead-letters replay actions-0@1")) {
            Outcome outcome = run(wrong.split(" "));
            assertThat(outcome.status()).as(wrong).isEqualTo(2);
            assertThat(outcome.out()).as(wrong).isEmpty();
        }
        assertThat(run("dead-letters", "replay").err()).contains("Say which dead letters to send: by places", "--all");
    }

    @Test
    void followsUntilStopped() throws Exception {
        events.reject(events.action(HOME, "7/1", 0, BAD), 0);
        String last = events.reject(events.action(HOME, "7/1", 1, BAD), 0);
        try (CommandLineProcess process = CommandLineProcess.start(
                files,
                "dead-letters",
                "--follow",
                "--limit",
                "1",
                "--bootstrap-servers",
                events.commandLine.bootstrapServers(),
                "--topic-prefix",
                events.topics.prefix())) {
            process.awaitOut(last);
            String next = events.reject(events.action(HOME, "7/2", 2, BAD), 1);
            process.awaitOut(next);
            process.signal("TERM");

            assertThat(process.awaitExit()).as("%s", process).isZero();
            assertThat(process.out())
                    .filteredOn(line -> line.startsWith("dead-letters-"))
                    .hasSize(2);
            assertThat(process.err()).isEmpty();
        }
    }

    private Outcome run(String... arguments) {
        return events.run(arguments);
    }
}
