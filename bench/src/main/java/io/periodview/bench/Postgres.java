package io.periodview.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** PostgreSQL on a free port of loopback, with data of its own, tuned as a fair person would for this machine. */
public final class Postgres implements AutoCloseable {

    private static final Path DEBIAN = Path.of("/usr/lib/postgresql/15/bin");

    /** Each with its reason. */
    private static final List<String> SETTINGS = List.of(
            // The peer's events can be read again from Kafka, so a commit need not wait for the disk.
            "synchronous_commit=off",
            "shared_buffers=1GB",
            "work_mem=64MB",
            "max_wal_size=4GB",
            "checkpoint_timeout=15min",
            "wal_level=minimal",
            "max_wal_senders=0",
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "jit=off");

    private final Path data;
    private final int port;
    private final Process process;

    private Postgres(Path data, int port, Process process) {
        this.data = data;
        this.port = port;
        this.process = process;
    }

    /** @throws IOException if it is not installed, or does not start; the message says what to do */
    static Postgres start(Path folder) throws IOException, InterruptedException {
        if (!Files.isExecutable(DEBIAN.resolve("postgres"))) {
            throw new IOException("There is no PostgreSQL 15 in " + DEBIAN + ": apt-get install postgresql-15");
        }
        Path data = folder.resolve("data");
        Path log = folder.resolve("log");
        String user = user();
        if (user != null) {
            // It refuses to run as root; its folder must be its own, and the way to it open.
            run(log, List.of("chown", user, folder.toString()));
        }
        run(
                log,
                as(
                        user,
                        List.of(
                                DEBIAN.resolve("initdb").toString(),
                                "-D",
                                data.toString(),
                                "-U",
                                "bench",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C")));
        int port = freePort();
        List<String> command =
                new ArrayList<>(List.of(DEBIAN.resolve("postgres").toString(), "-D", data.toString(), "-p", "" + port));
        SETTINGS.forEach(setting -> command.addAll(List.of("-c", setting)));
        Process process = new ProcessBuilder(as(user, command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        Postgres postgres = new Postgres(data, port, process);
        try {
            run(
                    log,
                    List.of(DEBIAN.resolve("pg_isready").toString(), "-h", "127.0.0.1", "-p", "" + port, "-t", "20"),
                    100);
        } catch (IOException e) {
            postgres.close();
            throw e;
        }
        return postgres;
    }

    /** For JDBC: a superuser without a password, on loopback only. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=bench";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static @Nullable String user() {
        return "root".equals(System.getProperty("user.name")) ? "postgres" : null;
    }

    private static List<String> as(@Nullable String user, List<String> command) {
        if (user == null) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("runuser", "-u", user, "--"));
        whole.addAll(command);
        return whole;
    }

    private static void run(Path log, List<String> command) throws IOException, InterruptedException {
        run(log, command, 1);
    }

    private static void run(Path log, List<String> command, int attempts) throws IOException, InterruptedException {
        int status = 0;
        for (int attempt = 0; attempt < attempts; attempt++) {
            status = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start()
                    .waitFor();
            if (status == 0) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new IOException(String.join(" ", command) + " ended with " + status + ": " + Files.readString(log));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public String toString() {
        return "PostgreSQL in " + data + ", port " + port;
    }
}
