package io.periodview.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one load, filled.
 *
 * @param events in them
 */
public record Topics(String bootstrapServers, TopicNames names, int partitions, long events) {

    public static final int PARTITIONS = 12;

    /**
     * Creates topics and publishes a history.
     *
     * @param prefix of the topics' names, used only once
     * @param application whose internal topic is created as well
     */
    public static Topics fill(String bootstrapServers, String prefix, String application, Iterable<ChangeEvent> history)
            throws Exception {
        TopicNames names = new TopicNames(prefix);
        createInternal(new Topics(bootstrapServers, names, PARTITIONS, 0), application);
        return new Topics(bootstrapServers, names, PARTITIONS, publish(bootstrapServers, names, history));
    }

    /** With more events, published now. */
    public Topics and(Iterable<ChangeEvent> more) throws Exception {
        return new Topics(bootstrapServers, names, partitions, events + publish(bootstrapServers, names, more));
    }

    /** What another application needs to read the same topics. */
    public static void createInternal(Topics topics, String application) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(TopicsFile.packaged()
                    .specs(topics.names(), application, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
            awaitLeaders(admin, topics.names());
        }
    }

    /** A busy broker takes its time to open new logs, and a producer that is faster may get out of step. */
    private static void awaitLeaders(Admin admin, TopicNames names) throws Exception {
        Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            ends.put(new TopicPartition(names.periods(), partition), OffsetSpec.latest());
            ends.put(new TopicPartition(names.actions(), partition), OffsetSpec.latest());
        }
        admin.listOffsets(ends).all().get(); // which asks again until all answer
    }

    /** @return how many */
    public static long publish(String bootstrapServers, TopicNames names, Iterable<ChangeEvent> history)
            throws Exception {
        AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
        long events = 0;
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "linger.ms",
                        20,
                        "batch.size",
                        256 << 10,
                        "buffer.memory",
                        64L << 20,
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (ChangeEvent event : history) {
                producer.send(record(names, event), (at, e) -> {
                    if (e != null) {
                        failure.compareAndSet(null, e);
                    }
                });
                events++;
            }
            producer.flush();
        }
        Exception e = failure.get();
        if (e != null) {
            throw e;
        }
        return events;
    }

    /** Where it belongs. */
    public static ProducerRecord<byte[], byte[]> record(TopicNames names, ChangeEvent event) {
        return new ProducerRecord<>(
                event.isPeriod() ? names.periods() : names.actions(),
                TeamPartitioner.partitionOf(event.team(), PARTITIONS),
                event.timestamp(),
                event.key().getBytes(UTF_8),
                event.value());
    }

    /** Deletes what an application had for itself: a broker has only so many files. */
    public static void deleteInternal(Topics topics, String application) throws Exception {
        delete(topics, topic -> topic.startsWith(application + "-"));
    }

    /** Deletes them. */
    public void delete() throws Exception {
        delete(this, topic -> topic.startsWith(names.prefix()));
    }

    private static void delete(Topics topics, Predicate<String> which) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", topics.bootstrapServers()))) {
            admin.deleteTopics(admin.listTopics().names().get().stream()
                            .filter(which)
                            .toList())
                    .all()
                    .get();
        }
    }

    /** For a contender's command line. */
    public List<String> arguments() {
        return new ArrayList<>(List.of(bootstrapServers, names.prefix(), "" + partitions));
    }
}
