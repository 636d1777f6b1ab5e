package io.periodview.streams;

import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.PartitionStatus;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** How an instance is, for operators; asks nobody else. Thread-safe. */
public final class ServiceStatus {

    /** A thread that has not polled for so many times max.poll.interval.ms. */
    private static final int HANGS = 2;

    private final KafkaStreams streams;
    private final Topology topology;
    private final LocalPartitions partitions;
    private final Supplier<@Nullable String> topicProblem;
    private final StreamThreadFailureHandler failures;
    private final StreamsSettings settings;
    private final EventTopics topics;
    private final Readiness readiness = new Readiness();

    ServiceStatus(
            KafkaStreams streams,
            Topology topology,
            LocalPartitions partitions,
            Supplier<@Nullable String> topicProblem,
            StreamThreadFailureHandler failures,
            StreamsSettings settings,
            EventTopics topics) {
        this.streams = streams;
        this.topology = topology;
        this.partitions = partitions;
        this.topicProblem = topicProblem;
        this.failures = failures;
        this.settings = settings;
        this.topics = topics;
    }

    /** What Kafka Streams is doing. */
    public String state() {
        return streams.state().toString();
    }

    /** Why the instance does not serve, in a line for a person, or null if it does. */
    public @Nullable String readinessProblem() {
        String topics = topicProblem.get();
        return topics != null ? topics : readiness.problem(streams.state(), partitions.statuses());
    }

    /** Why its threads are not at work, in a line for a person, or null if they are, be it at restoring. */
    public @Nullable String livenessProblem() {
        @Nullable Throwable reason = failures.fatalError().getNow(null);
        if (reason != null) {
            return "The instance ended with an error: " + reason;
        }
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.CREATED && !state.isRunningOrRebalancing()) {
            return "Kafka Streams is " + state + ".";
        }
        Duration pollAge = partitions.longestPollAge();
        return pollAge.compareTo(settings.maxPollInterval().multipliedBy(HANGS)) > 0
                ? "A stream thread has not polled for " + pollAge.toSeconds() + " s."
                : null;
    }

    /** How many partitions there are. */
    public int partitions() {
        return topics.partitions();
    }

    /** The partitions that this instance hosts. */
    public List<PartitionStatus> statuses() {
        return partitions.statuses();
    }

    /** The instances that there are, this one among them; none while it is not known. */
    public List<InstanceInfo> members() {
        try {
            return streams.metadataForAllStreamsClients().stream()
                    .map(each -> InstanceInfo.of(each, settings.self(), topics.actions()))
                    .sorted(Comparator.comparing(each -> each.address().toString()))
                    .toList();
        } catch (IllegalStateException e) {
            return List.of(); // it is being stopped
        }
    }

    /** The longest time since one of the stream threads has polled. */
    public Duration longestPollAge() {
        return partitions.longestPollAge();
    }

    /** Bytes of the heap that the rows of hot periods take. */
    public long rowCacheBytes() {
        return partitions.rowCacheBytes();
    }

    /** The stream threads' states, by their names. */
    public Map<String, String> threads() {
        Map<String, String> threads = new TreeMap<>();
        streams.metadataForLocalThreads().forEach(each -> threads.put(each.threadName(), each.threadState()));
        return threads;
    }

    /** Sources, processors, stores and sinks, as Kafka Streams describes them. */
    public String topology() {
        return topology.describe().toString();
    }

    /** As it was started. */
    public StreamsSettings settings() {
        return settings;
    }
}
