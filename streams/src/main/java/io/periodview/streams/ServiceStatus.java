package io.periodview.streams;

import io.periodview.streams.owned.Held;
import io.periodview.streams.owned.Holding;
import io.periodview.topics.TopicNames;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.jspecify.annotations.Nullable;

/** How an instance is, for operators; asks nobody else. Thread-safe. */
public final class ServiceStatus {

    /** A thread that asks for no events so many times as long as the group tolerates hangs. */
    private static final int HANGS = 2;

    private final KafkaStreams streams;
    private final Topology topology;
    private final Held held;
    private final ThreadFailures failures;
    private final StreamsSettings settings;
    private final TopicNames topics;
    private final int partitions;
    private final Readiness readiness = new Readiness();

    ServiceStatus(
            KafkaStreams streams,
            Topology topology,
            Held held,
            ThreadFailures failures,
            StreamsSettings settings,
            TopicNames topics,
            int partitions) {
        this.streams = streams;
        this.topology = topology;
        this.held = held;
        this.failures = failures;
        this.settings = settings;
        this.topics = topics;
        this.partitions = partitions;
    }

    /** What Kafka Streams is doing. */
    public String state() {
        return streams.state().toString();
    }

    /** Why the instance does not serve, in a line for a person, or null if it does. */
    public @Nullable String notServing() {
        return readiness.problem(streams.state(), held.holdings());
    }

    /** Why its threads are not at work, in a line for a person, or null if they are, be it at restoring. */
    public @Nullable String notAlive() {
        @Nullable Throwable reason = failures.gaveUp().getNow(null);
        if (reason != null) {
            return "The instance gave up: " + reason;
        }
        KafkaStreams.State state = streams.state();
        if (state != KafkaStreams.State.CREATED && !state.isRunningOrRebalancing()) {
            return "Kafka Streams is " + state + ".";
        }
        Duration silence = held.longestSilence();
        return silence.compareTo(settings.longestWork().multipliedBy(HANGS)) > 0
                ? "A stream thread has not asked for events for " + silence.toSeconds() + " s."
                : null;
    }

    /** How many partitions there are. */
    public int partitions() {
        return partitions;
    }

    /** The partitions that this instance holds. */
    public List<Holding> holdings() {
        return held.holdings();
    }

    /** The instances that there are, this one among them; none while it is not known. */
    public List<Member> members() {
        try {
            return streams.metadataForAllStreamsClients().stream()
                    .map(each -> Member.of(each, settings.self(), topics.actions()))
                    .sorted(Comparator.comparing(each -> each.address().toString()))
                    .toList();
        } catch (IllegalStateException e) {
            return List.of(); // it is being stopped
        }
    }

    /** How long the most silent of the stream threads has not asked for events. */
    public Duration longestSilence() {
        return held.longestSilence();
    }

    /** Bytes of the heap that rows take which are kept for readers. */
    public long liveBytes() {
        return held.liveBytes();
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
