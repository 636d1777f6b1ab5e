package io.periodview.streams.owned;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/**
 * A partition while this instance owns it, from the first event it may apply to the last. Comes anew after every
 * rebalance that moves it and every transaction that fails. Thread-safe.
 */
public final class OwnedPartition {

    private static final SecureRandom RANDOM = new SecureRandom();

    private final int partition;
    private final Polls polls;
    private final String nonce = HexFormat.of().toHexDigits(RANDOM.nextLong());
    private final Positions positions;
    private final Versions versions;
    private volatile boolean ended;

    OwnedPartition(int partition, Polls polls, Set<String> topics, LiveSpace space) {
        this.partition = partition;
        this.polls = polls;
        this.positions = new Positions(topics);
        this.versions = new Versions(space);
    }

    public int partition() {
        return partition;
    }

    /** Not the same for any other owner of this partition, before or after. */
    public String nonce() {
        return nonce;
    }

    /** How far this owner is in its topics. */
    public Positions positions() {
        return positions;
    }

    /** What has changed since it was read. */
    public Versions versions() {
        return versions;
    }

    /** Whether it is owned, as far as this instance can know, and its position is known. */
    public boolean isSure() {
        return !ended && positions.areKnown() && polls.isSure();
    }

    void end() {
        ended = true;
        positions.end();
        versions.end();
    }
}
