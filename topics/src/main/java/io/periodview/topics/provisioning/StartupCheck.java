package io.periodview.topics.provisioning;

import io.periodview.topics.TopicNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** What an instance must know of the topics before it starts. */
public final class StartupCheck {

    private StartupCheck() {}

    /**
     * The number of partitions that periods, actions and rerouted share.
     *
     * @throws ProvisioningException if one of the five topics is missing, or the numbers differ, or the cluster does
     *     not answer; the message says which, and what to do
     * @throws InterruptedException if the thread was interrupted while it waited for the cluster
     */
    public static int sharedPartitions(Admin admin, TopicNames names, String applicationId)
            throws InterruptedException {
        Map<String, TopicRole> roles = new LinkedHashMap<>();
        for (TopicRole role : TopicRole.values()) {
            roles.put(role.nameIn(names, applicationId), role);
        }
        Map<String, Integer> existing = new TopicCluster(admin).partitions(roles.keySet());
        return sharedPartitions(roles, existing);
    }

    static int sharedPartitions(Map<String, TopicRole> roles, Map<String, Integer> existing) {
        List<String> missing = new ArrayList<>();
        Map<String, Integer> counts = new LinkedHashMap<>();
        roles.forEach((topic, role) -> {
            Integer partitions = existing.get(topic);
            if (partitions == null) {
                missing.add(topic);
            } else if (role.partitionedByTeam()) {
                counts.put(topic, partitions);
            }
        });
        if (!missing.isEmpty()) {
            throw new ProvisioningException((missing.size() == 1 ? "topic " : "topics ") + Phrases.list(missing)
                    + (missing.size() == 1 ? " does" : " do")
                    + " not exist; run `period-view topics --apply`"
                    + " (with the same --topic-prefix and --application-id)");
        }
        List<Integer> distinct = counts.values().stream().distinct().toList();
        if (distinct.size() > 1) {
            throw new ProvisioningException("topics "
                    + Phrases.list(counts.entrySet().stream()
                            .map(topic -> topic.getKey() + " (" + topic.getValue() + ")")
                            .toList())
                    + " must have the same number of partitions; `period-view topics` says what to do");
        }
        return distinct.get(0);
    }
}
