package io.periodview.streams.partition;

import io.periodview.streams.fetch.BoundedFetches;
import io.periodview.streams.fetch.LargeRecords;
import io.periodview.streams.fetch.OmittingDeserializer;
import io.periodview.streams.fetch.PollBudget;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the API keys. */
final class ApiKeyConsumer extends KafkaConsumer<byte[], byte[]> {

    private final PollBudget budget = new PollBudget();
    private final long bytesOfPoll;

    ApiKeyConsumer(Map<String, Object> config, long bytesOfPoll) {
        super(config, new ByteArrayDeserializer(), new OmittingDeserializer());
        this.bytesOfPoll = bytesOfPoll;
        BoundedFetches.install(this, budget, LargeRecords.OMIT_VALUE);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        budget.begin(bytesOfPoll);
        return super.poll(timeout);
    }
}
