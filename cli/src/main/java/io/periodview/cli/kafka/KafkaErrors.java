package io.periodview.cli.kafka;

import org.apache.kafka.common.KafkaException;

/** Says in a sentence why a Kafka client failed. */
public final class KafkaErrors {

    private KafkaErrors() {}

    /** Kafka wraps what a person can act on in "Failed to construct" and futures; the innermost cause has it. */
    public static String of(Throwable failure) {
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
