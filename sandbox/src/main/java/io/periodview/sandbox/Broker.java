package io.periodview.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;

/**
 * A real Kafka broker in a process of its own, reachable from this machine only: for development and for tests.
 *
 * <p>It ends when this process ends, however that happens. One object is one run of the broker; {@link #startAgain()}
 * makes the next on the same data and the same port. Its data and its log ({@code broker.log}) are in the directory of
 * the options; nothing of it appears on this process's output.
 *
 * <p>Thread-safe.
 */
public final class Broker implements AutoCloseable {

    /** The system property with one more option for the broker's JVM: what the launcher wants of shared classes. */
    private static final String JVM_OPTION = "periodview.broker.jvm-option";

    private static final Duration START_PATIENCE = Duration.ofSeconds(60);
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(10);
    /** Writing the archive of its classes takes a broker four seconds of processor time, at its end. */
    private static final Duration ARCHIVE_PATIENCE = Duration.ofSeconds(60);
    /** A predecessor on the same data whose parent was killed may still be closing its files. */
    private static final Duration LOCK_PATIENCE = Duration.ofSeconds(15);

    private static final Duration ANSWER_PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 20;
    /** Between looking for a free port and the broker's taking it, another program may. */
    private static final int ATTEMPTS = 3;

    private final BrokerOptions options;
    private final DataDirectory directory;
    private final int port;
    private final long logStart;
    private final Process process;
    private final CompletableFuture<Integer> exit;

    private Broker(BrokerOptions options, DataDirectory directory, int port, long logStart, Process process) {
        this.options = options;
        this.directory = directory;
        this.port = port;
        this.logStart = logStart;
        this.process = process;
        exit = process.onExit().thenApply(Process::exitValue);
    }

    /**
     * Starts a broker, and returns when it answers.
     *
     * @throws BrokerException if it cannot be: the message says why, with the end of the broker's log
     */
    public static Broker start(BrokerOptions options) throws InterruptedException {
        DataDirectory directory =
                new DataDirectory(options.directory().toAbsolutePath().normalize());
        try {
            directory.prepare(options.deletedAtExit());
            awaitPredecessor(directory);
            for (int attempt = 1; ; attempt++) {
                Broker broker = launch(options, directory);
                try {
                    broker.awaitReady();
                    return broker;
                } catch (BrokerException e) {
                    broker.kill();
                    boolean lostRace = broker.lastLogLines().contains("Address already in use");
                    if (!lostRace || attempt == ATTEMPTS) {
                        broker.close();
                        throw e;
                    }
                } catch (InterruptedException e) {
                    broker.kill();
                    broker.close();
                    throw e;
                }
            }
        } catch (IOException e) {
            throw new BrokerException(
                    "The broker's directory " + directory.path() + " cannot be used: " + e.getMessage(), e);
        }
    }

    /**
     * The next run on the same data and port. After {@link #close()} of a broker whose directory is deleted at exit it
     * starts empty.
     *
     * @throws IllegalStateException if this run has not ended
     */
    public Broker startAgain() throws InterruptedException {
        if (process.isAlive()) {
            throw new IllegalStateException("The broker is running; close or kill it first");
        }
        return start(options.withPort(port));
    }

    /** For clients: {@code 127.0.0.1:PORT}. */
    public String bootstrapServers() {
        return Ports.LOOPBACK + ":" + port;
    }

    public int port() {
        return port;
    }

    public long pid() {
        return process.pid();
    }

    /** Completes with the exit status when the broker's process has ended, for whatever reason. */
    public CompletableFuture<Integer> onExit() {
        return exit.copy();
    }

    /** The end of what this run logged, some lines for a person who wants to know why it ended. */
    public String lastLogLines() {
        return directory.lastLines(logStart);
    }

    /** Ends the broker's process as a crash does (SIGKILL); the data stay. Returns when it has gone. */
    public void kill() {
        process.destroyForcibly();
        exit.join();
    }

    /**
     * Stops the broker in order, within ten seconds (a minute if it archives its classes), else forcibly; deletes its
     * directory if the options say so. An interrupt makes it forcible, and stays set.
     *
     * @throws BrokerException if the directory cannot be deleted
     */
    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // which the broker takes as the order to stop
            if (!process.waitFor(stopPatience().toMillis(), TimeUnit.MILLISECONDS)) {
                kill();
            }
            exit.join();
        } catch (IOException notOpenAnyMore) {
            kill();
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
        }
        if (options.deletedAtExit()) {
            try {
                directory.delete();
            } catch (IOException e) {
                throw new BrokerException("The broker's directory " + directory.path() + " is not deleted: " + e, e);
            }
        }
    }

    private static Duration stopPatience() {
        boolean archives = System.getProperty(JVM_OPTION, "").startsWith("-XX:ArchiveClassesAtExit");
        return archives ? ARCHIVE_PATIENCE : STOP_PATIENCE;
    }

    @Override
    public String toString() {
        return "broker " + bootstrapServers() + " in " + directory.path();
    }

    private static void awaitPredecessor(DataDirectory directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LOCK_PATIENCE.toNanos();
        while (directory.isLocked()) {
            if (System.nanoTime() > deadline) {
                throw new BrokerException("The directory " + directory.path() + " is in use by a broker, process "
                        + directory.owner() + ": stop that, or choose another directory with --data");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static Broker launch(BrokerOptions options, DataDirectory directory) throws IOException {
        int port = options.port() == 0 ? Ports.pick(0) : options.port();
        if (!Ports.isFree(port)) {
            throw new BrokerException("Port " + port + " of " + Ports.LOOPBACK
                    + " is in use: stop the program that has it, or choose another port with --broker-port");
        }
        directory.write(BrokerSettings.of(directory.logs(), port, Ports.pick(port), options.settings()));
        long logStart = directory.logSize();
        Process process = new ProcessBuilder(command(directory.path(), options))
                .redirectErrorStream(true)
                .redirectOutput(directory.outputFile().toFile())
                .start();
        return new Broker(options, directory, port, logStart, process);
    }

    private static List<String> command(Path directory, BrokerOptions options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String option = System.getProperty(JVM_OPTION);
        if (option != null) {
            command.add(option);
        }
        command.addAll(
                options.lasting()
                        ? List.of("-Xmx1g")
                        : List.of(
                                "-Xmx256m",
                                "-XX:+UseSerialGC", // the least memory and the fewest threads
                                // Ready with 4 s of processor time instead of 7; it lives too short for more.
                                "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:ErrorFile=" + directory.resolve("hs_err_%p.log"),
                "-Dlogback.configurationFile=io/periodview/sandbox/broker-logback.xml",
                "-Dbroker.directory=" + directory,
                // One class of Kafka's names log4j's API, which else complains that there is nothing behind it.
                "-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider",
                "-classpath",
                System.getProperty("java.class.path"),
                BrokerMain.class.getName(),
                directory.toString(),
                Boolean.toString(options.deletedAtExit())));
        return command;
    }

    /** The port opens when the controller has let the broker in; only then a client, which would log its failures. */
    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!Ports.isListening(port)) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new BrokerException("The broker ended with exit status " + process.exitValue()
                        + " while starting. The end of its log:\n" + lastLogLines());
            }
            if (System.nanoTime() > deadline) {
                throw new BrokerException("The broker does not listen on " + bootstrapServers() + " after "
                        + START_PATIENCE.toSeconds() + " s. The end of its log:\n" + lastLogLines());
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.describeCluster().nodes().get(ANSWER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokerException(
                    "The broker does not answer on " + bootstrapServers() + ". The end of its log:\n" + lastLogLines(),
                    e);
        }
    }
}
