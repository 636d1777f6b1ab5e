package io.periodview.streams;

import io.periodview.streams.auth.ApiKeyAuthenticator;
import io.periodview.streams.cluster.Rebuild;
import io.periodview.streams.cluster.TopicWatch;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.intake.ThrottledEventLog;
import io.periodview.streams.localstate.DiskFullException;
import io.periodview.streams.localstate.StateDirectory;
import io.periodview.streams.localstate.StateDirectoryLockedException;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.RestoreProgress;
import io.periodview.streams.partition.TrackingClientSupplier;
import io.periodview.streams.query.PartitionLocator;
import io.periodview.streams.query.QueryService;
import io.periodview.streams.response.BufferPool;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance of the view: applies events, and can be queried from the moment {@link #start} returns, though its answer
 * may be "not ready" until its partitions are restored. Thread-safe.
 */
public final class PeriodViewService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodViewService.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

    /** An operator who fixes something sees it go on soon; until then each attempt costs a rebalance. */
    private static final Duration OPERATOR_RETRY_INTERVAL = Duration.ofSeconds(15);

    private final StateDirectory directory;
    private final ThrottledEventLog eventLog;
    private final KafkaStreams streams;
    private final StreamThreadFailureHandler failures;
    private final StaleTransactionFencer fencer;
    private final TopicWatch watch;
    private final QueryService queries;
    private final ApiKeyAuthenticator keys;
    private final ServiceStatus status;

    /** Makes Kafka Streams start; what it opens is closed again if that fails. */
    private PeriodViewService(
            StateDirectory directory,
            StreamsSettings settings,
            EventTopics topics,
            ServiceMetrics metrics,
            Duration operatorRetryInterval)
            throws IOException {
        this.directory = directory;
        eventLog = new ThrottledEventLog(System::nanoTime);
        RestoreProgress restores = new RestoreProgress(PeriodViewTopology.VIEW, metrics);
        failures =
                new StreamThreadFailureHandler(Clock.systemUTC(), settings.stateDir(), operatorRetryInterval, metrics);
        watch = new TopicWatch(
                settings.client(),
                settings.applicationId(),
                topics,
                PeriodViewTopology.changelog(settings.applicationId()),
                metrics,
                failures.fatalError());
        if (!watch.isChangelogThere()) {
            directory.discardTasks(settings.applicationId(), "there is no changelog that it belongs to");
        }
        LocalPartitions partitions = new LocalPartitions(
                settings.sessionTimeout(), topics.ofEvents(), restores, topics.inputs(), watch::changelog);
        Topology topology = PeriodViewTopology.build(topics, eventLog, partitions, metrics);
        Properties config = new Properties();
        config.putAll(settings.toConfig());
        String process = directory.instanceId();
        config.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                MemberId.of(process, settings));
        streams = new KafkaStreams(topology, config, new TrackingClientSupplier(partitions, settings.heap()));
        fencer = new StaleTransactionFencer(settings.client(), settings.applicationId(), process);
        boolean started = false;
        try {
            // The caller may be slower. Not the common pool: it may have one thread, which HTTP clients need meanwhile.
            failures.fatalError().thenRunAsync(() -> leave(streams), task -> new Thread(task, "leave").start());
            streams.setUncaughtExceptionHandler(failures);
            streams.setGlobalStateRestoreListener(restores);
            streams.setStateListener((now, before) -> {
                failures.stateIs(now);
                if (now == KafkaStreams.State.REBALANCING) {
                    fencer.rebalanceBegins();
                } else {
                    fencer.rebalanceEnds();
                }
            });
            failures.topicProblem(watch::problem);
            watch.start(partitions);
            streams.start();
            ReadOnlyKeyValueStore<Bytes, byte[]> apiKeys = streams.store(StoreQueryParameters.fromNameAndType(
                    PeriodViewTopology.API_KEYS, QueryableStoreTypes.keyValueStore()));
            keys = new ApiKeyAuthenticator(apiKeys, Clock.systemUTC());
            started = true;
        } finally {
            if (!started) {
                fencer.close();
                watch.close();
                streams.close(CLOSE_TIMEOUT);
            }
        }
        queries = new QueryService(
                streams,
                PeriodViewTopology.VIEW,
                new PartitionLocator(streams, PeriodViewTopology.VIEW, settings.self(), topics.partitions()),
                new BufferPool(directory.responses()),
                partitions,
                metrics);
        status = new ServiceStatus(streams, topology, partitions, watch::problem, failures, settings, topics);
    }

    /**
     * Makes the next start build the view from periods and actions; all periodActionIds are new then. No instance of the
     * application may run.
     *
     * @throws Rebuild.InstancesRunningException if some do
     * @throws ExecutionException if the brokers refuse something
     */
    public static void rebuild(Admin admin, StreamsSettings settings, EventTopics topics)
            throws InterruptedException, ExecutionException {
        Rebuild.prepare(
                admin,
                settings.applicationId(),
                topics,
                PeriodViewTopology.changelog(settings.applicationId()),
                settings.sessionTimeout());
    }

    /**
     * Starts an instance and returns when it knows all API keys.
     *
     * @param topics must exist
     * @param metrics record what it does
     * @throws StateDirectoryLockedException if another instance has the state directory
     * @throws DiskFullException if it has no room
     * @throws IOException if the state directory cannot be used
     */
    public static PeriodViewService start(StreamsSettings settings, EventTopics topics, ServiceMetrics metrics)
            throws IOException {
        return start(settings, topics, metrics, OPERATOR_RETRY_INTERVAL);
    }

    static PeriodViewService start(
            StreamsSettings settings, EventTopics topics, ServiceMetrics metrics, Duration operatorRetryInterval)
            throws IOException {
        StateDirectory directory = StateDirectory.open(settings.stateDir(), settings.applicationId());
        boolean started = false;
        try {
            PeriodViewService service =
                    new PeriodViewService(directory, settings, topics, metrics, operatorRetryInterval);
            started = true;
            return service;
        } catch (IOException | RuntimeException e) {
            if (DiskFullException.isCauseOf(e)) {
                throw new DiskFullException(settings.stateDir(), e);
            }
            throw e;
        } finally {
            if (!started) {
                directory.close();
            }
        }
    }

    public QueryService queries() {
        return queries;
    }

    public ApiKeyAuthenticator keys() {
        return keys;
    }

    /** What Kafka Streams measures. */
    public Map<MetricName, ? extends Metric> metrics() {
        return streams.metrics();
    }

    /** Whether the partitions that this instance hosts are restored and served. */
    public boolean isServing() {
        return status.readinessProblem() == null;
    }

    /** How it is, for operators. */
    public ServiceStatus status() {
        return status;
    }

    /** Completes with the cause if the instance stops by itself. */
    public CompletableFuture<Throwable> fatalError() {
        return failures.fatalError();
    }

    /** Shuts down gracefully: leaves the group, so that others take over at once. */
    @Override
    public void close() {
        fencer.close();
        if (!leave(streams)) {
            LOG.warn("The instance did not shut down within {}; the process ends all the same", CLOSE_TIMEOUT);
        }
        watch.close();
        eventLog.write();
        directory.close();
    }

    private static boolean leave(KafkaStreams streams) {
        return streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_TIMEOUT));
    }
}
