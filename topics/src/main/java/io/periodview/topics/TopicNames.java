package io.periodview.topics;

/** The names of the topics of one installation: the contract's names behind a prefix, which may be empty. */
public record TopicNames(String prefix) {

    private static final String REROUTED = "-rerouted";

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
        return applicationId + REROUTED;
    }

    /** Whether it is such a topic, of whatever application. */
    public static boolean isRerouted(String topic) {
        return topic.endsWith(REROUTED);
    }
}
