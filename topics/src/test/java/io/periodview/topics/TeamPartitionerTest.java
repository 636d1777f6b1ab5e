package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.junit.jupiter.api.Test;

class TeamPartitionerTest {

    private static final Node NODE = new Node(1, "127.0.0.1", 9092);

    /** Figures of an independent murmur2 (in Python) over the same texts: other clients must agree. */
    @Test
    void agreesWithOtherClients() {
        assertThat(IntStream.rangeClosed(1, 12).map(team -> TeamPartitioner.partitionOf(team, 12)))
                .containsExactly(3, 8, 11, 1, 6, 10, 3, 3, 11, 10, 0, 10);
    }

    @Test
    void putsPeriodsAndActionsOfATeamTogether() {
        for (long team = 1; team < 1_000; team++) {
            assertThat(partition(team + "/1"))
                    .isEqualTo(partition(team + "/98765"))
                    .isEqualTo(TeamPartitioner.partitionOf(team, 12));
        }
    }

    @Test
    void spreadsKeysThatAreNone() {
        assertThat(IntStream.range(0, 100)
                        .map(i -> partition("garbage" + i))
                        .distinct()
                        .count())
                .isGreaterThan(8);
        assertThat(partition(null)).isZero();
    }

    private static int partition(@org.jspecify.annotations.Nullable String key) {
        try (TeamPartitioner partitioner = new TeamPartitioner()) {
            byte[] bytes = key == null ? null : key.getBytes(UTF_8);
            return partitioner.partition("actions", key, bytes, null, null, cluster());
        }
    }

    private static Cluster cluster() {
        Node[] nodes = {NODE};
        List<PartitionInfo> partitions = IntStream.range(0, 12)
                .mapToObj(i -> new PartitionInfo("actions", i, NODE, nodes, nodes))
                .toList();
        return new Cluster("test", List.of(NODE), partitions, Set.of(), Set.of());
    }
}
