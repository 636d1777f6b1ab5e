package io.periodview.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * A Kafka broker that shuts down when its standard input ends.
 *
 * <p>That end comes when the parent closes the pipe, and also when the parent dies, however it does. A signal to the whole
 * process group, such as an interrupt from the terminal, is ignored: the parent stops its clients first, then this.
 *
 * <p>It does what {@code kafka.Kafka.main} does, without its signal handlers, which exit on every signal.
 */
final class BrokerMain {

    /** A broker that is stuck must not outlive its parent for long. */
    private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(20);

    private final DataDirectory directory;
    private final boolean deletedAtExit;
    private volatile @Nullable KafkaRaftServer server;

    private BrokerMain(DataDirectory directory, boolean deletedAtExit) {
        this.directory = directory;
        this.deletedAtExit = deletedAtExit;
    }

    /** Arguments: the directory, and {@code true} if it is to be deleted at exit. */
    public static void main(String[] args) {
        Signal.handle(new Signal("INT"), signal -> {});
        Signal.handle(new Signal("TERM"), signal -> {}); // service managers send it to all of a group at once
        Signal.handle(new Signal("HUP"), signal -> {}); // a closed terminal ends the parent, which ends this
        try {
            new BrokerMain(new DataDirectory(Path.of(args[0])), Boolean.parseBoolean(args[1])).run();
        } catch (Throwable e) { // whatever it is, threads that Kafka has started must not keep the process alive
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void run() throws IOException {
        if (!directory.lockForLife()) {
            throw new IOException(directory.path() + " is in use by process " + directory.owner());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::shutDown, "broker-shutdown"));
        start(new Thread(BrokerMain::exitWithParent, "parent-watch"));
        format();
        Properties settings = new Properties();
        try (InputStream in = Files.newInputStream(directory.settingsFile())) {
            settings.load(in);
        }
        KafkaRaftServer kafka = new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        server = kafka;
        kafka.startup();
        kafka.awaitShutdown();
    }

    /** Gives a new directory its own cluster id; formatting writes {@code meta.properties} last. */
    private void format() throws IOException {
        if (Files.exists(directory.logs().resolve("meta.properties"))) {
            return;
        }
        String[] format = {
            "format",
            "--cluster-id",
            Uuid.randomUuid().toString(),
            "--config",
            directory.settingsFile().toString()
        };
        int status = StorageTool.execute(format, new PrintStream(OutputStream.nullOutputStream()));
        if (status != 0) {
            throw new IOException("Formatting " + directory.logs() + " failed with status " + status);
        }
    }

    private static void exitWithParent() {
        try {
            while (System.in.read() >= 0) {
                // The parent sends nothing; only the end counts.
            }
        } catch (IOException e) {
            System.err.println("The pipe from the parent broke: " + e);
        }
        System.exit(0);
    }

    private void shutDown() {
        KafkaRaftServer kafka = server;
        try {
            if (kafka != null) {
                start(new Thread(kafka::shutdown, "kafka-shutdown")).join(SHUTDOWN_TIMEOUT.toMillis());
            }
            if (deletedAtExit) {
                directory.delete();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            System.err.println("The directory is not deleted: " + e);
        }
    }

    private static Thread start(Thread thread) {
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
