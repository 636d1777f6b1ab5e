package io.periodview.topics.provisioning;

import io.periodview.topics.TopicNames;

/** What a topic is for. Its name in a cluster depends on the installation, its role does not. */
public enum TopicRole {
    PERIODS("periods", true),
    ACTIONS("actions", true),
    API_KEYS("api-keys", false),
    DEAD_LETTERS("dead-letters", false),
    /** Internal: events that arrived in the wrong partition, rerouted to their team's. */
    REROUTED("rerouted", true);

    private final String yamlName;
    private final boolean partitionedByTeam;

    TopicRole(String yamlName, boolean partitionedByTeam) {
        this.yamlName = yamlName;
        this.partitionedByTeam = partitionedByTeam;
    }

    /** The role's name in {@code topics.yaml}. */
    public String yamlName() {
        return yamlName;
    }

    /** Whether a team's records are all in one partition, the same in all such topics. */
    public boolean partitionedByTeam() {
        return partitionedByTeam;
    }

    /** The topic's name in an installation with this prefix and this application id. */
    public String nameIn(TopicNames names, String applicationId) {
        return switch (this) {
            case PERIODS -> names.periods();
            case ACTIONS -> names.actions();
            case API_KEYS -> names.apiKeys();
            case DEAD_LETTERS -> names.deadLetters();
            case REROUTED -> TopicNames.rerouted(applicationId);
        };
    }
}
