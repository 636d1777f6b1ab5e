package io.periodview.streams;

import io.periodview.streams.owned.Holding;
import io.periodview.streams.owned.Holding.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.jspecify.annotations.Nullable;

/**
 * Whether an instance serves: it owns, or has a caught-up copy of, all that it holds. Once it has, copies that it gets
 * later may catch up while it serves: when an instance dies, the others get copies to keep, and must not all be taken out
 * of a load balancer for that. Nor are they for a rebalance, in which owners go on answering. Thread-safe.
 */
final class Readiness {

    private volatile boolean wasReady;

    /** Why it does not serve, in a line for a person, or null if it does. */
    @Nullable
    String problem(KafkaStreams.State state, List<Holding> holdings) {
        @Nullable String problem = find(state, holdings);
        wasReady |= problem == null;
        return problem;
    }

    private @Nullable String find(KafkaStreams.State state, List<Holding> holdings) {
        if (!state.isRunningOrRebalancing()) {
            return "Kafka Streams is " + state + ".";
        }
        List<Holding> restoring = in(Role.RESTORING, holdings);
        if (!restoring.isEmpty()) {
            long left = restoring.stream()
                    .map(Holding::restoration)
                    .mapToLong(each -> each == null ? 0 : each.remaining())
                    .sum();
            return String.format(
                    Locale.ROOT, "Being restored: %s; %,d changelog records to go.", partitions(restoring), left);
        }
        List<Holding> doubtful = in(Role.DOUBTFUL, holdings);
        if (!doubtful.isEmpty()) {
            return "Not sure to be the owner, as its thread is silent or its place in the topics not known yet: "
                    + partitions(doubtful) + ".";
        }
        if (wasReady) {
            return null;
        }
        if (state != KafkaStreams.State.RUNNING) {
            return "Partitions are being assigned: " + state + ".";
        }
        List<Holding> catchingUp = in(Role.CATCHING_UP, holdings);
        return catchingUp.isEmpty() ? null : "Not caught up yet: the copies of " + partitions(catchingUp) + ".";
    }

    private static List<Holding> in(Role role, List<Holding> holdings) {
        return holdings.stream().filter(each -> each.role() == role).toList();
    }

    private static String partitions(List<Holding> holdings) {
        String numbers = holdings.stream()
                .map(each -> Integer.toString(each.partition()))
                .collect(Collectors.joining(", "));
        return (holdings.size() == 1 ? "partition " : "partitions ") + numbers;
    }
}
