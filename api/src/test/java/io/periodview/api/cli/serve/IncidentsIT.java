package io.periodview.api.cli.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.periodview.api.cli.CommandLineProcess;
import io.periodview.api.cli.Committed;
import io.periodview.api.cli.FreePorts;
import io.periodview.api.cli.InProcessCommandLine;
import io.periodview.api.cli.ViewCheck;
import io.periodview.sandbox.reference.Event;
import io.periodview.sandbox.reference.IdLedger;
import io.periodview.sandbox.reference.ReferenceView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A year of real incidents, sent and read as a person would, against the reference. */
class IncidentsIT {

    private static final int TEAMS = 12;
    private static final int EVENTS = 143_021;
    private static final long PERIOD_ACTIONS = 48_437;
    /** All have the first, most the second, few the third, none the last. */
    private static final List<String> FORM_FIELDS = List.of("withinSla", "symptom", "vendor", "nobody's");

    @TempDir
    Path temporary;

    @TempDir
    Path data;

    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private final int brokerPort = FreePorts.next();

    @Test
    void theViewOfAllIncidentsIsTheReferencesAndOutlivesARestart() throws Exception {
        String incidents = System.getProperty("periodview.incidents", "");
        assumeFalse(incidents.isEmpty(), "There are no real events: -Dperiodview.incidents=FILE says where they are.");
        CompletableFuture<ReferenceView> reading = CompletableFuture.supplyAsync(() -> reference(Path.of(incidents)));

        ViewCheck check;
        IdLedger ids = new IdLedger();
        ViewCheck.Answers before;
        try (CommandLineProcess dev = dev()) {
            dev.awaitOut("ready");
            InProcessCommandLine commandLine = new InProcessCommandLine("127.0.0.1:" + brokerPort, "");
            String produced = commandLine.result("produce", incidents);
            assertThat(produced).startsWith(EVENTS + " events\n");

            ReferenceView reference = reading.join();
            assertThat(reference.teamIds()).hasSize(TEAMS);
            check = new ViewCheck(reference, commandLine.readers(port, reference.teamIds()), FORM_FIELDS);
            Committed.await(
                    "127.0.0.1:" + brokerPort,
                    "period-view",
                    Committed.positions(produced.lines().skip(1).findFirst().orElseThrow()));
            before = check.compare(ids);
            assertThat(before.periodActions()).isEqualTo(PERIOD_ACTIONS);
            dev.signal("INT");
            assertThat(dev.awaitExit()).as("%s", dev).isZero();
        }
        try (CommandLineProcess dev = dev()) {
            dev.awaitOut("ready");
            assertThat(check.compare(ids)).isEqualTo(before);
            assertThat(dev.err()).as("the local state was used").noneMatch(line -> line.contains("restored anew"));
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
        ReferenceView reference = new ReferenceView();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(incidents)), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reference.apply(Event.ofLine(line));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reference;
    }
}
