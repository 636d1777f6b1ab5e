package io.periodview.sandbox;

import io.periodview.sandbox.SampleEvent.Kind;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Periods and actions of three venues, the teams 1 to 3, that keep changing until closed: a few events a second from one
 * daemon thread.
 *
 * <p>On topics that already have a sample it resumes from there. It ignores the events of others.
 */
public final class Sample implements AutoCloseable {

    /** The team with the most interesting view: half of all changes are its. */
    public static final long TEAM_ID = VenueDay.TEAM_IDS[0];

    private static final Logger LOG = LoggerFactory.getLogger(Sample.class);
    private static final long STEP_MILLIS = 400;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final TopicNames names;
    private final VenueDay day;
    private final Producer<byte[], byte[]> producer;
    private final ScheduledExecutorService clock;
    /** Not acknowledged yet, oldest first. Sent again after a failure, as the venues have changed already. */
    private List<SampleEvent> pending = new ArrayList<>();

    private boolean failing;

    private Sample(TopicNames names, VenueDay day, Producer<byte[], byte[]> producer) {
        this.names = names;
        this.day = day;
        this.producer = producer;
        clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sample");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Publishes the last day, and returns when the broker has acknowledged it; then changes follow. The topics must exist.
     *
     * @param seed the same seed makes the same choices
     * @throws KafkaException if the topics cannot be read or written
     */
    public static Sample start(String bootstrapServers, TopicNames names, long seed) throws InterruptedException {
        VenueDay day = new VenueDay(seed);
        boolean resumes = SampleReader.readInto(day, bootstrapServers, names);
        Sample sample = new Sample(names, day, new KafkaProducer<>(settings(bootstrapServers)));
        try {
            Instant now = Instant.now();
            sample.pending.addAll(resumes ? day.next(now) : day.history(now));
            sample.publish();
        } catch (ExecutionException e) {
            sample.close();
            throw new KafkaException("The sample cannot be published: " + e.getCause(), e);
        } catch (KafkaException | InterruptedException e) {
            sample.close();
            throw e;
        }
        // The task handles its failures itself.
        Future<?> unused =
                sample.clock.scheduleWithFixedDelay(sample::step, STEP_MILLIS, STEP_MILLIS, TimeUnit.MILLISECONDS);
        return sample;
    }

    /** Stops the changes; what is published stays. */
    @Override
    public void close() {
        clock.shutdownNow();
        try {
            if (!clock.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The sample's thread is still sending; not waiting for it");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            producer.close(Duration.ZERO); // nothing in its buffer is worth waiting for
        }
    }

    private void step() {
        try {
            if (pending.isEmpty()) {
                pending.addAll(day.next(Instant.now()));
            }
            publish();
            if (failing) {
                failing = false;
                LOG.info("The sample resumes");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            failed(e.getCause() == null ? e : e.getCause());
        } catch (RuntimeException e) { // which would end the schedule silently
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        if (!failing && !Thread.currentThread().isInterrupted()) {
            failing = true;
            LOG.warn("The sample cannot be published for now; retrying", cause);
        }
    }

    /** Sends what is pending, and returns when all is acknowledged. After a failure all of it is still pending. */
    private void publish() throws ExecutionException, InterruptedException {
        Collection<Future<RecordMetadata>> sent = new ArrayList<>();
        for (SampleEvent event : pending) {
            String topic = event.kind() == Kind.PERIOD ? names.periods() : names.actions();
            sent.add(producer.send(new ProducerRecord<>(topic, event.key().toBytes(), event.value())));
        }
        for (Future<RecordMetadata> future : sent) {
            future.get();
        }
        pending = new ArrayList<>();
    }

    private static Map<String, Object> settings(String bootstrapServers) {
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "client.id",
                "sample",
                "key.serializer",
                ByteArraySerializer.class,
                "value.serializer",
                ByteArraySerializer.class,
                "partitioner.class",
                TeamPartitioner.class,
                "acks",
                "all",
                "enable.idempotence",
                true,
                // Reconnects within a second after a broker restart.
                "reconnect.backoff.max.ms",
                500,
                "max.block.ms",
                10_000);
    }
}
