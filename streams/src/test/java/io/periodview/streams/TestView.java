package io.periodview.streams;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.response.ResponseBody;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import io.periodview.topics.provisioning.TopicProvisioner;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Topics, producers and one instance of a view of its own on a broker that is shared; one team. Not thread-safe. */
final class TestView implements AutoCloseable {

    static final int PARTITIONS = 2;
    static final long TEAM = 7;
    static final int PARTITION = TeamPartitioner.partitionOf(TEAM, PARTITIONS);

    /** Lives in the other partition. */
    static final long OTHER_TEAM = teamOf(1 - PARTITION);

    /** What {@link #answer} gives when nobody answers. */
    static final String NONE = "none";

    /** Another for each start: stores of equal memory share a cache. */
    private static final AtomicLong MEMORY = new AtomicLong(96 << 20);

    private static final int SESSION_MILLIS = 6_000;

    final String application;
    final TopicNames names;
    final EventTopics topics;
    final LostEvents metrics = new LostEvents();
    private final Map<String, Object> client;
    private final KafkaProducer<String, String> producer;
    private @Nullable PeriodViewService service;

    /** Counts events that were lost. */
    static final class LostEvents implements ServiceMetrics {
        final AtomicLong lost = new AtomicLong();

        @Override
        public void lost(long offsets) {
            lost.addAndGet(offsets);
        }
    }

    TestView(String bootstrapServers, String application) throws InterruptedException {
        this.application = application;
        this.names = new TopicNames(application + ".");
        this.topics = EventTopics.of(names, application, PARTITIONS);
        this.client = Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "consumer.session.timeout.ms",
                SESSION_MILLIS,
                "metadata.max.age.ms",
                2_000);
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
        provision();
    }

    /** Makes the topics that are missing. */
    void provision() throws InterruptedException {
        try (Admin admin = admin()) {
            TopicProvisioner provisioner = new TopicProvisioner(admin);
            provisioner.apply(provisioner.plan(
                    TopicsFile.packaged().specs(names, application, OptionalInt.of(PARTITIONS), OptionalInt.empty())));
        }
    }

    Admin admin() {
        return Admin.create(client);
    }

    /** @param stateDir may be another instance's of before */
    PeriodViewService start(Path stateDir) throws IOException {
        service = PeriodViewService.start(settings(stateDir), topics, metrics);
        return service;
    }

    void rebuild(Path stateDir) throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            PeriodViewService.rebuild(admin, settings(stateDir), topics);
        }
    }

    private StreamsSettings settings(Path stateDir) {
        return new StreamsSettings(
                application, client, stateDir, new HostInfo("127.0.0.1", 1), 1, 0, MEMORY.incrementAndGet());
    }

    void stop() {
        if (service != null) {
            service.close();
            service = null;
        }
    }

    PeriodViewService running() {
        if (service == null) {
            throw new IllegalStateException("Not started");
        }
        return service;
    }

    /** Why the instance is not ready; empty if it is. */
    String problem() {
        String problem = running().status().readinessProblem();
        return problem == null ? "" : problem;
    }

    void period(int id) throws Exception {
        send(topics.periods(), id, "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}");
    }

    void periodInOtherPartition(int id) throws Exception {
        producer.send(new ProducerRecord<>(
                        topics.periods(),
                        1 - PARTITION,
                        OTHER_TEAM + "/" + id,
                        "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}"))
                .get();
    }

    /** As a producer does that does not partition by team. */
    void periodFromOtherPartition(int id) {
        producer.send(new ProducerRecord<>(
                topics.periods(),
                1 - PARTITION,
                TEAM + "/" + id,
                "{\"name\":\"P\",\"start_date\":\"2024-07-01T00:00:00Z\"}"));
    }

    void sendLaterFromOtherPartition(int id) {
        producer.send(new ProducerRecord<>(
                topics.actions(), 1 - PARTITION, TEAM + "/" + id, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}"));
    }

    void flush() {
        producer.flush();
    }

    private static long teamOf(int partition) {
        long team = 1;
        while (TeamPartitioner.partitionOf(team, PARTITIONS) != partition) {
            team++;
        }
        return team;
    }

    void action(int id) throws Exception {
        action(id, "open");
    }

    void action(int id, String status) throws Exception {
        send(topics.actions(), id, "{\"createdTime\":\"2024-07-01T00:10:00Z\",\"status\":\"" + status + "\"}");
    }

    /** An action that is sent when the next one is. */
    void sendLater(int id) {
        producer.send(new ProducerRecord<>(
                topics.actions(), PARTITION, TEAM + "/" + id, "{\"createdTime\":\"2024-07-01T00:10:00Z\"}"));
    }

    void deleteAction(int id) throws Exception {
        send(topics.actions(), id, null);
    }

    RecordMetadata send(String topic, int id, @Nullable String value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, PARTITION, TEAM + "/" + id, value))
                .get();
    }

    /** The actions of period 1 as the owner answers them, or why it does not. */
    String answer() throws IOException {
        return answer(TEAM);
    }

    String answer(long team) throws IOException {
        QueryResult result = running().queries().askOwner(new Query.Actions(team, 1, null));
        if (result instanceof QueryResult.Found found) {
            try (ResponseBody answer = found.body()) {
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                answer.writeTo(body);
                return body.toString(UTF_8);
            }
        }
        return result instanceof QueryResult.NotHosted ? NONE : result.toString();
    }

    /** The ids of the actions of period 1, or why there is no answer. */
    String actions() throws IOException {
        return answer().replaceAll("(?s)\\{\"periodId.*?\"actionId\":(\\d+).*?}", "$1");
    }

    String changelog() {
        return PeriodViewTopology.changelog(application);
    }

    TopicPartition partitionOf(String topic) {
        return new TopicPartition(topic, PARTITION);
    }

    void alter(String topic, Map<String, String> settings) throws Exception {
        try (Admin admin = admin()) {
            List<AlterConfigOp> operations = settings.entrySet().stream()
                    .map(each -> new AlterConfigOp(
                            new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
                    .toList();
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), operations))
                    .all()
                    .get();
        }
    }

    void deleteTopic(String topic) throws Exception {
        try (Admin admin = admin()) {
            admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    @Override
    public void close() {
        stop();
        producer.close();
    }
}
