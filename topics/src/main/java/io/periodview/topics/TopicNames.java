package io.periodview.topics;

/** The names of the topics of one installation: the contract's names behind a prefix, which may be empty. */
public record TopicNames(String prefix) {

    public String periods() {
        return prefix + "periods";
    }

    public String actions() {
        return prefix + "actions";
    }

    public String apiKeys() {
        return prefix + "api-keys";
    }

    public String deadLetters() {
        return prefix + "dead-letters";
    }

    /** The service's own topic for events on their way to their team's partition. */
    public static String rerouted(String applicationId) {
        return applicationId + "-rerouted";
    }
}
