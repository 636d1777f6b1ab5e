package io.periodview.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A contender in a JVM of its own, all with the same options. It prints lines that the bench waits for, such as a port, and
 * ends when its standard input does. Not thread-safe.
 */
public final class ChildJvm implements AutoCloseable {

    /** The same for everybody who competes. */
    private static final List<String> JVM = List.of("-Xmx1g", "-XX:+ExitOnOutOfMemoryError");

    /** The system property with one more, such as a flight recording; {@code {name}} becomes the folder's name. */
    static final String JVM_OPTION = "periodview.bench.jvm-option";

    private final Process process;
    private final BufferedReader out;
    private final Path log;

    private ChildJvm(Process process, Path log) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
        this.log = log;
    }

    /**
     * @param main on this JVM's class path
     * @param folder where what it logs is kept
     */
    public static ChildJvm start(Class<?> main, Path folder, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        String option = System.getProperty(JVM_OPTION);
        if (option != null) {
            command.add(option.replace("{name}", folder.getFileName().toString()));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        Path log = folder.resolve(main.getSimpleName() + ".log");
        return new ChildJvm(
                new ProcessBuilder(command).redirectError(log.toFile()).start(), log);
    }

    /**
     * The rest of the next line that begins with a word.
     *
     * @throws IOException if it ends before, with what it logged
     */
    public String await(String word) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith(word)) {
                return line.substring(word.length()).trim();
            }
        }
        throw new IOException("A contender ended without saying '" + word + "': " + Files.readString(log));
    }

    /** Has it begin again: see {@link io.periodview.bench.ingest.StandardInput}. */
    public void again() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** Its resident set, in bytes. */
    public long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        throw new IOException("Process " + process.pid() + " has ended");
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has logged. */
    public String log() throws IOException {
        return Files.readString(log);
    }

    public long pid() {
        return process.pid();
    }

    /** Ends one that heeds SIGTERM rather than its standard input. */
    public void terminate() {
        process.destroy();
        close();
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
