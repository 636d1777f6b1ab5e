package io.periodview.streams;

import io.periodview.streams.intake.EventCounts;
import io.periodview.streams.keys.ApiKeys;
import io.periodview.streams.measured.Meters;
import io.periodview.streams.owned.Held;
import io.periodview.streams.owned.Restorations;
import io.periodview.streams.owned.WatchedClients;
import io.periodview.streams.state.FullDisk;
import io.periodview.streams.state.SetAside;
import io.periodview.streams.view.AnswerSpace;
import io.periodview.streams.view.PeriodView;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.rocksdb.NativeLibraryLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of the view: applies events, and can be asked from the moment {@link #start} returns, though its answer
 * may be "not ready" until its partitions are restored. Thread-safe.
 */
public final class PeriodViewService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodViewService.class);
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

    /** An operator who mends something sees it go on soon; until then each attempt costs a restore. */
    private static final Duration UNTIL_MENDED = Duration.ofSeconds(15);

    private static final String TASKS = "[0-9]*_[0-9]*";

    private final StateLock lock;
    private final NoticeLog notices;
    private final KafkaStreams streams;
    private final CleanClose cleanClose;
    private final ThreadFailures failures;
    private final Fencing fencing;
    private final PeriodView view;
    private final ApiKeys keys;
    private final ServiceStatus status;

    private PeriodViewService(
            StateLock lock,
            NoticeLog notices,
            KafkaStreams streams,
            CleanClose cleanClose,
            ThreadFailures failures,
            Fencing fencing,
            PeriodView view,
            ApiKeys keys,
            ServiceStatus status) {
        this.lock = lock;
        this.notices = notices;
        this.streams = streams;
        this.cleanClose = cleanClose;
        this.failures = failures;
        this.fencing = fencing;
        this.view = view;
        this.keys = keys;
        this.status = status;
    }

    /**
     * Starts an instance and returns when it knows all API keys.
     *
     * @param reroutedTopic the service's own topic for events that came in another partition than their team's
     * @param partitions of periods, actions and the rerouted topic, which must exist
     * @throws StateDirectoryInUse if another instance has the state directory
     * @throws StateDiskFull if it has no room
     * @throws IOException if the state directory cannot be used
     */
    public static PeriodViewService start(
            StreamsSettings settings, TopicNames topics, String reroutedTopic, int partitions) throws IOException {
        return start(settings, topics, reroutedTopic, partitions, Meters.NONE);
    }

    /** @param meters are told of what it does */
    public static PeriodViewService start(
            StreamsSettings settings, TopicNames topics, String reroutedTopic, int partitions, Meters meters)
            throws IOException {
        return start(settings, topics, reroutedTopic, partitions, meters, UNTIL_MENDED);
    }

    static PeriodViewService start(
            StreamsSettings settings,
            TopicNames topics,
            String reroutedTopic,
            int partitions,
            Meters meters,
            Duration untilMended)
            throws IOException {
        StateLock lock = StateLock.take(Files.createDirectories(settings.stateDir()));
        NoticeLog notices = new NoticeLog();
        boolean started = false;
        try {
            PeriodViewService service =
                    start(lock, notices, settings, topics, reroutedTopic, partitions, meters, untilMended);
            started = true;
            return service;
        } catch (IOException | RuntimeException e) {
            if (FullDisk.isCauseOf(e)) {
                throw fullDisk(settings.stateDir(), e);
            }
            throw e;
        } finally {
            if (!started) {
                notices.close();
                lock.close();
            }
        }
    }

    private static StateDiskFull fullDisk(Path stateDir, Exception cause) {
        StateDiskFull full = new StateDiskFull(stateDir);
        full.initCause(cause);
        return full;
    }

    private static PeriodViewService start(
            StateLock lock,
            NoticeLog notices,
            StreamsSettings settings,
            TopicNames topics,
            String reroutedTopic,
            int partitions,
            Meters meters,
            Duration untilMended)
            throws IOException {
        Path stateDir = settings.stateDir();
        loadRocksDb(stateDir.resolve("native"));
        Properties config = new Properties();
        config.putAll(settings.toConfig());
        Restorations restorations = new Restorations(PeriodViewTopology.VIEW, meters);
        Held held =
                new Held(settings.session(), Set.of(topics.periods(), topics.actions(), reroutedTopic), restorations);
        Topology topology =
                PeriodViewTopology.build(topics, reroutedTopic, partitions, notices.notices(), held, meters);
        KafkaStreams streams = new KafkaStreams(topology, config, new WatchedClients(held));
        CleanClose cleanClose = new CleanClose(stateDir, settings.applicationId(), Clock.systemUTC());
        try {
            Path applicationDir = stateDir.resolve(settings.applicationId());
            if (!cleanClose.takeAway() && hasTasks(applicationDir)) {
                LOG.warn("The state in {} was not closed in order, or long ago: it is restored anew", stateDir);
                streams.cleanUp();
            }
            setAsideWhatIsNoTask(applicationDir);
        } catch (IOException | RuntimeException e) {
            streams.close(CLOSE_PATIENCE);
            throw e;
        }
        Fencing fencing = new Fencing(settings.client(), settings.applicationId());
        try {
            ThreadFailures failures = new ThreadFailures(Clock.systemUTC(), stateDir, untilMended, meters);
            failures.gaveUp().thenRunAsync(() -> leave(streams)); // whoever started it may be slower
            streams.setUncaughtExceptionHandler(failures);
            streams.setGlobalStateRestoreListener(restorations);
            streams.setStateListener((now, before) -> {
                failures.stateIs(now);
                if (now == KafkaStreams.State.REBALANCING) {
                    fencing.rebalanceBegins();
                }
            });
            streams.start();
            ReadOnlyKeyValueStore<Bytes, byte[]> keys = streams.store(StoreQueryParameters.fromNameAndType(
                    PeriodViewTopology.API_KEYS, QueryableStoreTypes.keyValueStore()));
            PeriodView view = new PeriodView(
                    streams,
                    PeriodViewTopology.VIEW,
                    settings.self(),
                    new AnswerSpace(stateDir.resolve("answers")),
                    held,
                    partitions,
                    meters);
            return new PeriodViewService(
                    lock,
                    notices,
                    streams,
                    cleanClose,
                    failures,
                    fencing,
                    view,
                    new ApiKeys(keys, Clock.systemUTC()),
                    new ServiceStatus(streams, topology, held, failures, settings, topics, partitions));
        } catch (RuntimeException e) {
            fencing.close();
            if (streams.close(CLOSE_PATIENCE)) {
                cleanClose.leave(); // what could not start has left the state as it was
            }
            throw e;
        }
    }

    /** RocksDB unpacks its native library at every start, and a killed process leaves it behind: in one fixed place. */
    private static void loadRocksDb(Path folder) throws IOException {
        Files.createDirectories(folder);
        NativeLibraryLoader.getInstance().loadLibrary(folder.toString());
    }

    private static boolean hasTasks(Path applicationDir) throws IOException {
        if (!Files.isDirectory(applicationDir)) {
            return false;
        }
        try (var files = Files.list(applicationDir)) {
            return files.anyMatch(Files::isDirectory);
        }
    }

    /** Where Kafka Streams expects the directory of a task, and cannot make one. */
    private static void setAsideWhatIsNoTask(Path applicationDir) throws IOException {
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(applicationDir, TASKS)) {
            for (Path task : tasks) {
                if (!Files.isDirectory(task)) {
                    SetAside.move(task, task, "it is no directory");
                }
            }
        }
    }

    public PeriodView view() {
        return view;
    }

    public ApiKeys keys() {
        return keys;
    }

    /** What Kafka Streams measures, and what becomes of the events: see {@link EventCounts}. */
    public Map<MetricName, ? extends Metric> metrics() {
        return streams.metrics();
    }

    /** Whether the partitions that this instance holds are restored and served. */
    public boolean isServing() {
        return status.notServing() == null;
    }

    /** How it is, for operators. */
    public ServiceStatus status() {
        return status;
    }

    /** Completes with the cause if the instance stops by itself. */
    public CompletableFuture<Throwable> gaveUp() {
        return failures.gaveUp();
    }

    /** Ends in order: leaves the group, so that others take over at once, and marks the local state as whole. */
    @Override
    public void close() {
        fencing.close();
        boolean closed = leave(streams);
        try {
            if (failures.gaveUp().isDone()) {
                LOG.warn("The instance gave up: its state is restored anew next time");
            } else if (closed) {
                cleanClose.leave();
            } else {
                LOG.warn(
                        "The instance did not stop in order within {}: its state is restored anew next time",
                        CLOSE_PATIENCE);
            }
        } catch (IOException e) {
            LOG.warn("The state cannot be marked as closed in order, so it is restored anew next time", e);
        } finally {
            release();
        }
    }

    private static boolean leave(KafkaStreams streams) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_PATIENCE));
    }

    private void release() {
        notices.close();
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("The state directory cannot be released before this process ends", e);
        }
    }
}
