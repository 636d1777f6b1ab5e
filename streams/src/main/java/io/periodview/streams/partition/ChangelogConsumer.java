package io.periodview.streams.partition;

import io.periodview.streams.fetch.BoundedFetches;
import io.periodview.streams.fetch.LargeRecords;
import io.periodview.streams.fetch.PollBudget;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the changelogs of partitions that are restored, or kept ready. */
final class ChangelogConsumer extends KafkaConsumer<byte[], byte[]> {

    private static final String FETCHES = "fetch-total";

    private final LocalPartitions partitions;
    private final ClientCounter fetches = new ClientCounter(this, FETCHES);
    private final PollBudget budget = new PollBudget();
    private final long bytesOfPoll;
    private double fetchesBefore;

    ChangelogConsumer(Map<String, Object> config, LocalPartitions partitions, long bytesOfPoll) {
        super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.partitions = partitions;
        this.bytesOfPoll = bytesOfPoll;
        BoundedFetches.install(this, budget, LargeRecords.REFUSE);
    }

    /** Whatever the last poll returned is applied when the next one begins. */
    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        double fetched = fetches.value();
        boolean answered = fetched > fetchesBefore;
        fetchesBefore = fetched;
        for (TopicPartition changelog : assignment()) {
            OptionalLong lag = paused().contains(changelog) ? OptionalLong.empty() : currentLag(changelog);
            lag.ifPresent(behind -> partitions.replica(changelog.partition()).updateLag(behind, answered));
        }
        budget.begin(bytesOfPoll);
        return super.poll(timeout);
    }
}
