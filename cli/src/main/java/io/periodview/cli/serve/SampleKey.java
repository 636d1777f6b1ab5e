package io.periodview.cli.serve;

import io.periodview.sandbox.Sample;
import io.periodview.topics.ApiKey;
import io.periodview.topics.ApiKeyHash;
import io.periodview.topics.NewApiKey;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The API key of the sample's team, the same as long as the data are kept. */
final class SampleKey {

    private SampleKey() {}

    /** Publishes the key to the service and returns it. */
    static String publish(Path data, String bootstrapServers, TopicNames topics)
            throws IOException, InterruptedException {
        String key = key(data.resolve("sample-key"));
        ApiKey apiKey = new ApiKey(Sample.TEAM_ID, "sample", null);
        Map<String, Object> settings =
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers, ProducerConfig.ACKS_CONFIG, "all");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(
                            topics.apiKeys(), ApiKeyHash.of(key).toBytes(), apiKey.toJson()))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("The sample's key cannot be published: " + e.getCause(), e);
        }
        return key;
    }

    private static String key(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        String key = NewApiKey.generate().reveal();
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        Files.writeString(file, key + "\n");
        return key;
    }
}
