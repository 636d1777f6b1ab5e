package io.periodview.cli.kafka;

import org.apache.kafka.common.KafkaException;

/** Explains in one sentence why a Kafka client failed. */
public final class KafkaErrors {

    private KafkaErrors() {}

    /** What a person can act on is the innermost cause: Kafka wraps it in "Failed to construct" and futures. */
    public static String reason(Throwable failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = innermost.getMessage();
        if (message == null || message.isBlank()) {
            return innermost.getClass().getSimpleName() + ".";
        }
        String sentence = innermost instanceof KafkaException ? message : innermost + "";
        return sentence.endsWith(".") ? sentence : sentence + ".";
    }
}
