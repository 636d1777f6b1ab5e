package io.periodview.cli.chaos;

import io.periodview.cli.CommandLineProcess;
import io.periodview.cli.FreePorts;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** One instance of the service, run after run, on the same port and state directory. Not thread-safe. */
final class Member implements AutoCloseable {

    private final String name;
    private final Path folder;
    private final List<String> arguments;
    private final int port = FreePorts.next();
    private final int adminPort = FreePorts.next();
    private @Nullable CommandLineProcess process;
    private int runs;

    /**
     * @param folder for its state, unless {@code --state-dir} is among the arguments
     * @param arguments of {@code serve} beside its ports
     */
    Member(String name, Path folder, List<String> arguments) {
        this.name = name;
        this.folder = folder;
        this.arguments = arguments;
    }

    int port() {
        return port;
    }

    int adminPort() {
        return adminPort;
    }

    Path stateDir() {
        return folder.resolve("state");
    }

    void start() throws IOException {
        List<String> all = new ArrayList<>(List.of("serve", "--port", "" + port, "--admin-port", "" + adminPort));
        all.addAll(List.of("--state-dir", stateDir().toString()));
        all.addAll(arguments);
        runs++;
        process = CommandLineProcess.start(folder, all.toArray(String[]::new));
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    CommandLineProcess process() {
        if (process == null) {
            throw new IllegalStateException(name + " has not been started");
        }
        return process;
    }

    void signal(String signal) throws IOException, InterruptedException {
        process().signal(signal);
    }

    /** Waits for its end and keeps what it said. */
    int ended(Path logs) throws IOException, InterruptedException {
        int status = process().awaitExit();
        keepLog(logs);
        return status;
    }

    void keepLog(Path logs) throws IOException {
        if (process != null) {
            Files.createDirectories(logs);
            Files.write(logs.resolve(name + "-run-" + runs + ".log"), process.err());
        }
    }

    void deleteState() throws IOException {
        Utils.delete(stateDir().toFile());
    }

    /**
     * Cuts one of RocksDB's files short, or writes over a part of it.
     *
     * @return which
     */
    String damage(Random random) throws IOException {
        if (Files.notExists(stateDir())) {
            return "nothing: it was stopped before it had state";
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(stateDir())) {
            files = all.filter(file -> file.toString().contains("/rocksdb/") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            return "nothing: there are no files";
        }
        Path file = files.get(random.nextInt(files.size()));
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            if (random.nextBoolean()) {
                open.setLength(open.length() / 2);
            } else {
                byte[] noise = new byte[1 + random.nextInt(100)];
                random.nextBytes(noise);
                open.seek((long) (random.nextDouble() * open.length()));
                open.write(noise);
            }
        }
        return file.toString();
    }

    @Override
    public void close() {
        if (process != null) {
            process.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
