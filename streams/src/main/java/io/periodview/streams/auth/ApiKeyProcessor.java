package io.periodview.streams.auth;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Keeps what the topic says as it came, each record under the first hex digits of its key, the whole key before the
 * value. It is read when a key is looked up: so a malformed record opens nothing, and cannot stop the thread that all keys
 * depend on.
 */
public final class ApiKeyProcessor implements Processor<Bytes, byte[], Void, Void> {

    private final String storeName;

    @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
    private KeyValueStore<Bytes, byte[]> store;

    public ApiKeyProcessor(String storeName) {
        this.storeName = storeName;
    }

    @Override
    public void init(ProcessorContext<Void, Void> context) {
        store = context.getStateStore(storeName);
    }

    @Override
    @SuppressWarnings({"ConstantValue", "NullAway"
    }) // a null value deletes; a compacted topic has no null keys, but nobody checks
    public void process(Record<Bytes, byte[]> record) {
        if (record.key() != null) {
            Bytes bucket = ApiKeyAuthenticator.bucket(record.key().get());
            store.put(
                    bucket,
                    record.value() == null
                            ? null
                            : ApiKeyAuthenticator.entry(record.key().get(), record.value()));
        }
    }
}
