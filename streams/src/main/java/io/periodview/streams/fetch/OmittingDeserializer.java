package io.periodview.streams.fetch;

import io.periodview.streams.intake.OmittedValue;
import java.nio.ByteBuffer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Bytes as they are, and {@link OmittedValue#PLACEHOLDER} where the value was left out. Thread-safe. */
public final class OmittingDeserializer extends ByteArrayDeserializer {

    /** Told by identity. */
    static final ByteBuffer OMITTED = ByteBuffer.allocate(0);

    @Override
    @SuppressWarnings("NullAway") // Kafka's Deserializer takes and returns nulls, and does not say so
    public byte @Nullable [] deserialize(String topic, Headers headers, ByteBuffer data) {
        return data == OMITTED ? OmittedValue.PLACEHOLDER : super.deserialize(topic, headers, data);
    }
}
