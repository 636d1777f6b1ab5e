package io.periodview.streams;

import java.util.HexFormat;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an instance is called in the group. The id says which transactions are a member's: Kafka Streams makes the
 * transactional ids of the process's id and the thread's number, and the ids of static members of this id and that number.
 * Stateless, so thread-safe.
 */
final class MemberId {

    /** Older versions have no such word: their instance's id is not the process's. */
    private static final String PREFIX = "process-";

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String THREAD = "[0-9]+";
    private static final Pattern OF_THREAD = Pattern.compile(PREFIX + "(" + UUID + ")-[0-9a-f]{8}-(" + THREAD + ")");

    /** What follows the application's id in a transactional id. */
    static final String PRODUCER = UUID + "-" + THREAD;

    private MemberId() {}

    /**
     * A killed instance that is started again within its session gets its partitions back at once, without a rebalance
     * (static membership, KIP-345). The others keep what they have heard of it, so it is another member if that changes.
     *
     * @param process the id of its state directory, which is the process's in Kafka Streams as well
     */
    static String of(String process, StreamsSettings settings) {
        int heard = Objects.hash(settings.self().host(), settings.self().port(), settings.standbys());
        return PREFIX + process + "-" + HexFormat.of().toHexDigits(heard);
    }

    /**
     * Process and thread, as they follow the application's id in the transactional id, or null if the member's id does not
     * say them.
     *
     * @param groupInstanceId of a thread that is a member of the group
     */
    static @Nullable String producerOf(String groupInstanceId) {
        Matcher member = OF_THREAD.matcher(groupInstanceId);
        return member.matches() ? member.group(1) + "-" + member.group(2) : null;
    }
}
