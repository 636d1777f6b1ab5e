package io.periodview.sandbox;

import io.periodview.broker.BrokerProgram;
import io.periodview.broker.DataDirectory;
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
 * An embedded Kafka broker for development and tests: a real one, in a process of its own, reachable from this machine
 * only.
 *
 * <p>It ends when this process ends, however that happens. One object is one run of the broker; {@link #startAgain()}
 * starts the next on the same data and the same port. Its data and its log ({@code broker.log}) are in the directory of
 * the options; nothing of it appears on this process's output.
 *
 * <p>Thread-safe.
 */
public final class Broker implements AutoCloseable {

    /** The system property with one more option for the broker's JVM: where the launcher has it share classes. */
    private static final String JVM_OPTION = "periodview.broker.jvm-option";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);
    /** Writing the archive of its classes takes a broker four seconds of processor time, at its end. */
    private static final Duration ARCHIVE_TIMEOUT = Duration.ofSeconds(60);
    /** A predecessor on the same data whose parent was killed may still be closing its files. */
    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(15);

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 20;
    /** Another program may take the free port before the broker does. */
    private static final int MAX_ATTEMPTS = 3;

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
     * @throws BrokerException if it cannot be started: the message says why, with the end of the broker's log
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
                    if (!lostRace || attempt == MAX_ATTEMPTS) {
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
     * Starts the next run on the same data and port; without data if {@link #close()} has deleted the directory.
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

    /** Completes with the exit status when the broker's process has ended, for any reason. */
    public CompletableFuture<Integer> onExit() {
        return exit.copy();
    }

    /** The last lines that this run logged, for a person who wants to know why it ended. */
    public String lastLogLines() {
        return directory.lastLines(logStart);
    }

    /** Ends the broker's process as a crash does (SIGKILL); the data stay. Returns when the process has ended. */
    public void kill() {
        process.destroyForcibly();
        exit.join();
    }

    /**
     * Shuts the broker down cleanly, or kills it if that takes longer than ten seconds (a minute if it archives its
     * classes); deletes its directory if the options say so. An interrupt kills it at once, and stays set.
     *
     * @throws BrokerException if the directory cannot be deleted
     */
    @Override
    public void close() {
        try {
            process.getOutputStream().close(); // on which the broker shuts down
            if (!process.waitFor(stopTimeout().toMillis(), TimeUnit.MILLISECONDS)) {
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

    private static Duration stopTimeout() {
        boolean archives = System.getProperty(JVM_OPTION, "").startsWith("-XX:ArchiveClassesAtExit");
        return archives ? ARCHIVE_TIMEOUT : STOP_TIMEOUT;
    }

    @Override
    public String toString() {
        return "broker " + bootstrapServers() + " in " + directory.path();
    }

    private static void awaitPredecessor(DataDirectory directory) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + LOCK_TIMEOUT.toNanos();
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
        Process process = new ProcessBuilder(command(directory, options))
                .redirectErrorStream(true)
                .redirectOutput(directory.outputFile().toFile())
                .start();
        return new Broker(options, directory, port, logStart, process);
    }

    private static List<String> command(DataDirectory directory, BrokerOptions options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String option = System.getProperty(JVM_OPTION);
        if (option != null) {
            command.add(option);
        }
        command.addAll(
                options.longRunning()
                        ? List.of("-Xmx1g")
                        : List.of(
                                "-Xmx256m",
                                "-XX:+UseSerialGC", // the least memory and the fewest threads
                                // Ready after 4 s of processor time instead of 7; most runs are too short for more.
                                "-XX:TieredStopAtLevel=1"));
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-XX:ErrorFile=" + directory.path().resolve("hs_err_%p.log"));
        command.addAll(BrokerProgram.arguments(directory, options.deletedAtExit()));
        return command;
    }

    /** The port opens once the controller has admitted the broker. No client before that: it would log its failures. */
    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!Ports.isListening(port)) {
            if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new BrokerException("The broker ended with exit status " + process.exitValue()
                        + " while starting. The end of its log:\n" + lastLogLines());
            }
            if (System.nanoTime() > deadline) {
                throw new BrokerException("The broker does not listen on " + bootstrapServers() + " after "
                        + START_TIMEOUT.toSeconds() + " s. The end of its log:\n" + lastLogLines());
            }
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            admin.describeCluster().nodes().get(REQUEST_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BrokerException(
                    "The broker does not answer on " + bootstrapServers() + ". The end of its log:\n" + lastLogLines(),
                    e);
        }
    }
}
