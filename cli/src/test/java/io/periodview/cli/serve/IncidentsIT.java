package io.periodview.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.Committed;
import io.periodview.cli.FreePorts;
import io.periodview.cli.InProcessCommandLine;
import io.periodview.cli.Incidents;
import io.periodview.cli.ViewCheck;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A year of real incidents, sent and read as a person would, against the reference. */
class IncidentsIT {

    @TempDir
    Path temporary;

    @TempDir
    Path data;

    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private final int brokerPort = FreePorts.next();

    @Test
    void theViewOfAllIncidentsEqualsTheReferenceAlsoAfterARestart() throws Exception {
        Path incidents = Incidents.assumed();
        CompletableFuture<ReferenceView> reading = CompletableFuture.supplyAsync(() -> reference(incidents));

        ViewCheck check;
        IdLedger ids = new IdLedger();
        ViewCheck.Answers before;
        try (CommandLineProcess dev = dev()) {
            dev.awaitOut("ready");
            InProcessCommandLine commandLine = new InProcessCommandLine("127.0.0.1:" + brokerPort, "");
            String produced = commandLine.result("produce", incidents.toString());
            assertThat(produced).startsWith(Incidents.EVENTS + " events\n");

            ReferenceView reference = reading.join();
            assertThat(reference.teamIds()).hasSize(Incidents.TEAMS);
            check = new ViewCheck(reference, commandLine.readers(port, reference.teamIds()), Incidents.FORM_FIELDS);
            Committed.await(
                    "127.0.0.1:" + brokerPort,
                    "period-view",
                    Committed.positions(produced.lines().skip(1).findFirst().orElseThrow()));
            before = check.compare(ids);
            assertThat(dev.err()).as("produce partitions by team").noneMatch(line -> line.contains("extra hop"));
            assertThat(before.periodActions()).isEqualTo(Incidents.PERIOD_ACTIONS);
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
        try (CommandLineProcess dev = dev()) {
            dev.awaitOut("ready");
            assertThat(check.compare(ids)).isEqualTo(before);
            assertThat(dev.err())
                    .as("the local state was used")
                    .noneMatch(line -> line.contains("restoring from Kafka"));
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
    }

    private CommandLineProcess dev() throws IOException {
        return CommandLineProcess.start(
                temporary,
                "dev",
                "--no-sample",
                "--data",
                data.toString(),
                "--port",
                "" + port,
                "--admin-port",
                "" + adminPort,
                "--broker-port",
                "" + brokerPort);
    }

    private static ReferenceView reference(Path incidents) {
        try {
            return Incidents.reference(incidents);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
