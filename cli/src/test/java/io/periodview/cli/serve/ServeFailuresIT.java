package io.periodview.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.FreePorts;
import io.periodview.cli.InstanceProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps {@code period-view serve} from starting, and that an instance that runs is not affected. */
class ServeFailuresIT {

    private static final String NOWHERE = "no-such-host.invalid:80";

    @TempDir
    static Path directory;

    private static CommandLineWithBroker broker;
    /** Tries to reach its broker for ten seconds while the other tests run. */
    private static CommandLineProcess withoutBroker;

    private static InstanceProcess running;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() throws Exception {
        withoutBroker = CommandLineProcess.start(
                directory,
                "serve",
                "--bootstrap-servers",
                "127.0.0.1:" + FreePorts.next(),
                "--state-dir",
                directory.resolve("nowhere").toString());
        broker = new CommandLineWithBroker();
        broker.commandLine().result("topics", "--apply");
        running = instance("running", directory);
        running.start("--advertise", NOWHERE);
        running.awaitReady();
    }

    @AfterAll
    static void stop() {
        withoutBroker.close();
        running.close();
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() throws Exception {
        assertThat(withoutBroker.awaitExit()).isEqualTo(1);
        assertThat(withoutBroker.err()).singleElement().asString().contains("No Kafka broker answers at 127.0.0.1:");
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void saysHowToCreateMissingTopics() throws Exception {
        assertThat(failure("--topic-prefix", "nowhere."))
                .contains("nowhere.periods", "nowhere.dead-letters", "nowhere.period-view-rerouted")
                .contains("do not exist", "period-view topics --apply");
    }

    @Test
    void namesAPortInUse() throws Exception {
        InstanceProcess instance = instance("second", folder);
        for (int port : new int[] {instance.port(), instance.adminPort()}) {
            try (ServerSocket other = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                assertThat(failure(instance))
                        .contains(":" + port + " cannot be listened on: Address already in use.")
                        .contains(port == instance.port() ? "with --port." : "with --admin-port.");
                assertThat(other.isBound()).isTrue();
            }
        }
    }

    @Test
    void namesAStateDirectoryThatCannotBeUsed() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThat(failure("--state-dir", file.resolve("state").toString()))
                .contains("The state directory " + file.resolve("state") + " cannot be used");
    }

    @Test
    void namesAStateDirectoryInUse() throws Exception {
        assertThat(failure("--state-dir", running.stateDir().toString()))
                .contains("The state directory " + running.stateDir() + " is in use by another process", "--state-dir");
        assertThat(running.health("ready")).isEqualTo(200);
    }

    @Test
    void refusesTheAddressOfAnotherInstance() throws Exception {
        String taken = "127.0.0.1:" + running.port();
        assertThat(failure("--advertise", taken))
                .contains("Another instance of the service answers at " + taken, "--advertise");
        assertThat(running.health("ready")).isEqualTo(200);
    }

    @Test
    void refusesAnAddressWhereSomethingElseAnswers() throws Exception {
        String taken = "127.0.0.1:" + running.adminPort();
        assertThat(failure("--advertise", taken))
                .contains("Something else than this service answers at " + taken, "--advertise");
        assertThat(running.health("ready")).isEqualTo(200);
    }

    @Test
    void namesASecretThatIsTooShort() throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "too short\n");
        assertThat(failure("--instance-secret-file", file.toString()))
                .contains("The file " + file + " of --instance-secret-file has no secret: It has 9 bytes");
    }

    @Test
    void startsWithAnUnreachableAddressAndWarns() throws Exception {
        running.process().awaitErr("Other instances cannot reach this one at " + NOWHERE);
        assertThat(running.health("ready")).isEqualTo(200);
    }

    /** The one line of an instance that cannot start. */
    private String failure(String... options) throws IOException, InterruptedException {
        return failure(instance("second", folder), options);
    }

    private static String failure(InstanceProcess instance, String... options)
            throws IOException, InterruptedException {
        try (CommandLineProcess serve = instance.start(options)) {
            assertThat(serve.awaitExit()).as("%s", serve).isEqualTo(1);
            assertThat(serve.out()).isEmpty();
            assertThat(serve.err()).hasSize(1);
            return serve.err().get(0);
        }
    }

    private static InstanceProcess instance(String name, Path folder) {
        return new InstanceProcess(name, folder, broker.serveOptions());
    }
}
