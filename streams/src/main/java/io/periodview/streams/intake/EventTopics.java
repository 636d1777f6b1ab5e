package io.periodview.streams.intake;

import io.periodview.topics.TopicNames;
import java.util.List;
import java.util.Set;

/**
 * The topics of one application.
 *
 * @param rerouted the service's own topic for events that arrived in another partition than their team's
 * @param partitions of periods, actions and rerouted, each
 */
public record EventTopics(
        String periods, String actions, String rerouted, String deadLetters, String apiKeys, int partitions) {

    public static EventTopics of(TopicNames names, String applicationId, int partitions) {
        return new EventTopics(
                names.periods(),
                names.actions(),
                TopicNames.rerouted(applicationId),
                names.deadLetters(),
                names.apiKeys(),
                partitions);
    }

    /** Those that each partition consists of, in the order in which a checkpoint has them. */
    public List<String> inputs() {
        return List.of(periods, actions, rerouted);
    }

    /** The group whose offsets say up to where an operator lets records be passed over that cannot be taken in. */
    public static String skipsGroup(String applicationId) {
        return applicationId + "-skips";
    }

    /** Those whose offsets make up a position. */
    public Set<String> ofEvents() {
        return Set.copyOf(inputs());
    }
}
