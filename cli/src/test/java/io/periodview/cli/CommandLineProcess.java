package io.periodview.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/**
 * A command line in a process of its own, with the class path of the test. Closing it kills the process and its
 * descendants.
 */
public final class CommandLineProcess implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(90);
    /** SIGINT, in the kernel's sets of signals. */
    private static final long INTERRUPT = 1L << 1;

    private static final Duration POLL = Duration.ofMillis(20);

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    private CommandLineProcess(Process process) {
        this.process = process;
        readers.add(collect(process.getInputStream(), out));
        readers.add(collect(process.getErrorStream(), err));
    }

    /** @param temporary the process's folder for temporary files */
    public static CommandLineProcess start(Path temporary, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (ignoresInterrupts()) {
            command.addAll(List.of("env", "--default-signal=INT")); // which becomes the command
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", // too short-lived for more
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-XX:-UsePerfData",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("PERIOD_VIEW_"));
        return new CommandLineProcess(builder.start());
    }

    /** A non-interactive shell starts background jobs so, and children inherit it. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line ->
                                (Long.parseUnsignedLong(line.substring(7).strip(), 16) & INTERRUPT) != 0);
    }

    private static Thread collect(InputStream stream, List<String> lines) {
        Thread reader = new Thread(() -> {
            try (BufferedReader text = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                text.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(it cannot be read further: " + e + ")");
            }
        });
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Its descendants, while it lives. */
    public List<ProcessHandle> children() {
        return process.descendants().toList();
    }

    /** What it has printed to stdout so far, line by line. */
    public List<String> out() {
        return List.copyOf(out);
    }

    /** What it has printed to stderr so far, line by line. */
    public List<String> err() {
        return List.copyOf(err);
    }

    /** Waits for a line on stdout. */
    public String awaitOut(String start) {
        return awaitLine(out, line -> line.startsWith(start), start);
    }

    /** Waits for a line on stderr. */
    public String awaitErr(String part) {
        return awaitLine(err, line -> line.contains(part), part);
    }

    private String awaitLine(List<String> lines, Predicate<String> wanted, String what) {
        List<String> found = new ArrayList<>();
        Awaitility.await()
                .atMost(TIMEOUT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    boolean ended = !process.isAlive();
                    if (ended) {
                        joinReaders();
                    }
                    Optional<String> line = lines.stream().filter(wanted).findFirst();
                    line.ifPresent(found::add);
                    return line.isPresent() || ended;
                });
        if (found.isEmpty()) {
            throw new AssertionError("It ended without \"" + what + "\". " + this);
        }
        return found.get(0);
    }

    /** Sends a signal: {@code INT}, {@code TERM}, {@code KILL}. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        if (kill.waitFor() != 0) {
            throw new AssertionError("SIG" + name + " cannot be sent. " + this);
        }
    }

    /** Waits for its end and for the rest of its output. */
    public int awaitExit() throws InterruptedException {
        return awaitExit(TIMEOUT);
    }

    public int awaitExit(Duration timeout) throws InterruptedException {
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("It has not ended after " + timeout + ". " + this);
        }
        joinReaders();
        return process.exitValue();
    }

    private void joinReaders() throws InterruptedException {
        for (Thread reader : readers) {
            reader.join(TIMEOUT.toMillis());
        }
    }

    @Override
    public void close() {
        List<ProcessHandle> all = new ArrayList<>(children());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(handle -> handle.onExit().join());
    }

    @Override
    public String toString() {
        return "Process " + pid() + (isAlive() ? " lives" : " ended") + ".\nstdout:\n" + String.join("\n", out)
                + "\nstderr:\n" + String.join("\n", err);
    }
}
