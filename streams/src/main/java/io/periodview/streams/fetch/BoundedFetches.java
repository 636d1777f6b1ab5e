package io.periodview.streams.fetch;

import java.lang.reflect.Field;
import java.util.HashMap;
import java.util.function.Function;
import org.apache.kafka.clients.FetchSessionHandler;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.internals.AbstractFetch;
import org.apache.kafka.clients.consumer.internals.ClassicKafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.internals.LogContext;
import org.jspecify.annotations.Nullable;

/**
 * Puts {@link BoundedRecords} around all that a consumer fetches. A compressed batch of a few hundred kilobytes can become
 * records of gigabytes, and the consumer takes the memory for each before any deserializer sees it.
 *
 * <p>Kafka has no place for that. The handler of a fetch session is the first that sees a response, and it may change it; so
 * the map with the handlers of all brokers, which the consumer fills as it goes, is replaced by one that makes ours. Another
 * version of Kafka's clients that has no such map does not get past {@link #install}, and {@code BoundedFetchesIT} says
 * so first.
 */
public final class BoundedFetches {

    private BoundedFetches() {}

    /** Before the consumer's first poll. */
    public static void install(KafkaConsumer<?, ?> consumer, PollBudget budget, LargeRecords large) {
        try {
            Object classic = field(KafkaConsumer.class, "delegate").get(consumer);
            Object fetcher = field(ClassicKafkaConsumer.class, "fetcher").get(classic);
            field(AbstractFetch.class, "sessionHandlers").set(fetcher, new Sessions(budget, large));
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            throw new IllegalStateException("These are not the Kafka clients that the service was built for", e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** By the broker's id. */
    private static final class Sessions extends HashMap<Integer, FetchSessionHandler> {

        private static final long serialVersionUID = 1;

        private final transient PollBudget budget;
        private final transient LargeRecords large;

        Sessions(PollBudget budget, LargeRecords large) {
            this.budget = budget;
            this.large = large;
        }

        @Override
        public @Nullable FetchSessionHandler computeIfAbsent(
                Integer broker, Function<? super Integer, ? extends FetchSessionHandler> make) {
            return super.computeIfAbsent(broker, id -> new Session(id, budget, large));
        }

        @Override
        public FetchSessionHandler put(Integer broker, FetchSessionHandler session) {
            throw new IllegalStateException("These are not the Kafka clients that the service was built for");
        }
    }

    private static final class Session extends FetchSessionHandler {

        private final PollBudget budget;
        private final LargeRecords large;

        Session(int broker, PollBudget budget, LargeRecords large) {
            super(new LogContext(), broker);
            this.budget = budget;
            this.large = large;
        }

        /** In the thread that polls or in the one of heartbeats, before anything of the response is looked at. */
        @Override
        public boolean handleResponse(FetchResponse response, short version) {
            response.responseData(sessionTopicNames(), version).forEach(this::bound);
            return super.handleResponse(response, version);
        }

        private void bound(TopicPartition partition, FetchResponseData.PartitionData data) {
            if (data.records() instanceof Records records && records.sizeInBytes() > 0) {
                data.setRecords(new BoundedRecords(partition, records, budget, large));
            }
        }
    }
}
