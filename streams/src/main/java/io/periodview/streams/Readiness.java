package io.periodview.streams;

import io.periodview.streams.partition.PartitionStatus;
import io.periodview.streams.partition.PartitionStatus.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instance serves: it owns, or has a caught-up standby of, all that it hosts. Once it was ready, standbys that
 * it gets later may catch up while it serves: when an instance dies, the others get standbys, and must not all be taken out
 * of a load balancer for that. Nor are they for a rebalance, in which owners go on answering. Thread-safe.
 */
final class Readiness {

    private volatile boolean wasReady;

    /** Why it does not serve, in a line for a person, or null if it does. */
    @Nullable
    String problem(KafkaStreams.State state, List<PartitionStatus> partitions) {
        @Nullable String problem = find(state, partitions);
        wasReady |= problem == null;
        return problem;
    }

    private @Nullable String find(KafkaStreams.State state, List<PartitionStatus> partitions) {
        if (!state.isRunningOrRebalancing()) {
            return "Kafka Streams is " + state + ".";
        }
        PartitionStatus wrong = partitions.stream()
                .filter(each -> each.problem() != null && each.role() != Role.CATCHING_UP)
                .findFirst()
                .orElse(null);
        if (wrong != null) {
            return "Partition " + wrong.partition() + ": " + wrong.problem();
        }
        List<PartitionStatus> restoring = in(Role.RESTORING, partitions);
        if (!restoring.isEmpty()) {
            long remaining = restoring.stream()
                    .map(PartitionStatus::restore)
                    .mapToLong(each -> each == null ? 0 : each.remaining())
                    .sum();
            return String.format(
                    Locale.ROOT, "Restoring %s: %,d changelog records remaining.", numbers(restoring), remaining);
        }
        List<PartitionStatus> unconfirmed = in(Role.UNCONFIRMED, partitions);
        if (!unconfirmed.isEmpty()) {
            return "Ownership is not confirmed, as the thread has just woken up or its position in the topics is"
                    + " not known yet: " + numbers(unconfirmed) + ".";
        }
        if (wasReady) {
            return null;
        }
        if (state != KafkaStreams.State.RUNNING) {
            return "Partitions are being assigned: " + state + ".";
        }
        List<PartitionStatus> catchingUp = in(Role.CATCHING_UP, partitions);
        return catchingUp.isEmpty() ? null : "Not caught up yet: the standbys of " + numbers(catchingUp) + ".";
    }

    private static List<PartitionStatus> in(Role role, List<PartitionStatus> partitions) {
        return partitions.stream().filter(each -> each.role() == role).toList();
    }

    private static String numbers(List<PartitionStatus> partitions) {
        String numbers = partitions.stream()
                .map(each -> Integer.toString(each.partition()))
                .collect(Collectors.joining(", "));
        return (partitions.size() == 1 ? "partition " : "partitions ") + numbers;
    }
}
