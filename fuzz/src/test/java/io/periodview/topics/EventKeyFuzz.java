package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.periodview.fuzz.Property;
import java.math.BigInteger;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** Keys of {@code periods}, {@code actions} and {@code api-keys}. */
public final class EventKeyFuzz {

    private static final Pattern KEY = Pattern.compile("([1-9][0-9]*)/([1-9][0-9]*)");
    private static final BigInteger MAX = BigInteger.valueOf(Long.MAX_VALUE);
    private static final int PARTITIONS = 12;
    private static final Cluster CLUSTER = new Cluster(
            "cluster",
            List.of(),
            IntStream.range(0, PARTITIONS)
                    .mapToObj(i -> new PartitionInfo("actions", i, Node.noNode(), new Node[0], new Node[0]))
                    .toList(),
            Set.of(),
            Set.of());

    private EventKeyFuzz() {}

    public static void fuzzerTestOneInput(byte[] key) {
        EventKey parsed = EventKey.parse(key);
        Property.equal(model(key), parsed, "The key");
        if (parsed != null) {
            Property.equal(key, parsed.toBytes(), "The key, written again");
        }
        Property.isOneLine(new Rejection(Rejection.Code.INVALID_KEY, EventKey.describe(key)));
        byte[] hashed = parsed == null ? key : Long.toString(parsed.teamId()).getBytes(ISO_8859_1);
        try (TeamPartitioner partitioner = new TeamPartitioner()) {
            Property.equal(
                    (Utils.murmur2(hashed) & 0x7fffffff) % PARTITIONS,
                    partitioner.partition("actions", null, key, null, null, CLUSTER),
                    "The partition");
        }
        String text = new String(key, ISO_8859_1);
        ApiKeyHash hash = ApiKeyHash.parse(key);
        Property.equal(text.matches("[0-9a-f]{64}") ? text : null, hash == null ? null : hash.hex(), "The hash");
    }

    private static @Nullable EventKey model(byte[] key) {
        Matcher ids = KEY.matcher(new String(key, ISO_8859_1));
        if (!ids.matches()) {
            return null;
        }
        BigInteger team = new BigInteger(ids.group(1));
        BigInteger id = new BigInteger(ids.group(2));
        return team.max(id).compareTo(MAX) > 0 ? null : new EventKey(team.longValueExact(), id.longValueExact());
    }
}
