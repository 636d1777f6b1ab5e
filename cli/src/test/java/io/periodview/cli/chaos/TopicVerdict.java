package io.periodview.cli.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.cli.ApiReader;
import io.periodview.cli.InstanceProcess;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** Right, or refused with a line: what all instances answer once they have come to rest. Not thread-safe. */
final class TopicVerdict {

    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** A partition that is only about to be opened is refused by nobody, though another's line may be there. */
    private static final Duration STABLE = Duration.ofSeconds(2);

    /** It names what is wrong, and what to do. */
    private static final Pattern LINE =
            Pattern.compile("(?s).*(actions|periods|period-view-rerouted|period-view-view-changelog|Partition \\d).*"
                    + "(serve --rebuild|period-view skip|period-view topics).*");

    private final TopicCluster cluster;
    private final TaggedClient client;
    private Seen last = new Seen(List.of(), "nothing was asked");

    TopicVerdict(long seed, TopicCluster cluster) {
        this.cluster = cluster;
        this.client = new TaggedClient(seed);
    }

    /** @param lines of those that refuse; none if all is right */
    record Seen(List<String> lines, String still) {

        boolean isRight() {
            return lines.isEmpty();
        }
    }

    /** Waits until every answer is right, or refused with a line. */
    Seen awaited(Expected right) {
        try {
            Awaitility.await()
                    .atMost(TIMEOUT)
                    .during(STABLE)
                    .pollInterval(Duration.ofMillis(100))
                    .until(() -> {
                        cluster.supervise();
                        last = look(right);
                        return last.still().isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("Neither right nor refused with a line: " + last, e);
        }
        return last;
    }

    private Seen look(Expected right) throws InterruptedException {
        TreeSet<String> lines = new TreeSet<>();
        for (InstanceProcess instance : cluster.instances()) {
            String line = line(instance);
            if (LINE.matcher(line).matches()) {
                lines.add(line);
            }
        }
        boolean isRefused = false;
        for (Map.Entry<Long, String> team : cluster.keys().entrySet()) {
            if (isOwned(team.getKey(), team.getValue())) {
                String wrong = problem(team.getKey(), team.getValue(), right);
                if (wrong != null) {
                    return new Seen(List.copyOf(lines), wrong);
                }
            } else if (lines.isEmpty()) {
                return new Seen(List.of(), "team " + team.getKey() + " is not answered, and nobody says why");
            } else {
                isRefused = true;
            }
        }
        return new Seen(isRefused ? List.copyOf(lines) : List.of(), "");
    }

    /** Whether anybody answers as the owner. Asked so, one that does not says so at once. */
    private boolean isOwned(long team, String key) throws InterruptedException {
        for (InstanceProcess instance : cluster.instances()) {
            if (client.ask(instance.port(), key, team, Expected.PERIODS, "View-Forwarded", "owner")
                    .isAnswer()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable String problem(long team, String key, Expected right) throws InterruptedException {
        for (InstanceProcess instance : cluster.instances()) {
            for (String path : Expected.PATHS) {
                TaggedClient.Answer answer = client.ask(instance.port(), key, team, path);
                String wrong = answer.isAnswer() ? right.problem(team, path, answer.body()) : "is no answer";
                if (wrong != null) {
                    return instance + ", team " + team + ", " + path + ": " + answer.of() + " " + wrong;
                }
            }
        }
        return null;
    }

    /** Why the instance is not ready; empty if it is, or does not answer. */
    private static String line(InstanceProcess instance) throws InterruptedException {
        try {
            JsonNode health = ReferenceView.parse(ApiReader.at(instance.adminPort(), null)
                    .get("/health/ready")
                    .body());
            return health.path("message").asText();
        } catch (IOException nobody) {
            return "";
        }
    }
}
