package io.periodview.streams.store;

import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the store, big-endian, so that bytes sort as the numbers do:
 *
 * <pre>
 * [team:8] 'A' [actionId:8]                  the index of actions: its createdTime and number
 * [team:8] 'P' [periodId:8]                  a period
 * [team:8] 'S'                               how far the team's numbers are handed out
 * [team:8] 'T' [createdTime:8] [actionId:8]  an action, so a period's are one range
 * [0:8] 'C'                                  of no team: how far the rows go (Checkpoint)
 * </pre>
 *
 * Ids are positive, so their sign bit is free to sort right; a createdTime may lie before 1970, so its sign is flipped.
 */
public final class RowKeys {

    private static final byte ACTION = 'A';
    private static final byte CHECKPOINT = 'C';
    private static final byte PERIOD = 'P';
    private static final byte SEQUENCES = 'S';
    private static final byte ROW = 'T';

    /** Teams' ids are positive. */
    private static final long NO_TEAM = 0;

    private static final int TYPE = Long.BYTES;
    private static final int FIRST = TYPE + 1;
    private static final int SECOND = FIRST + Long.BYTES;
    private static final int ROW_LENGTH = SECOND + Long.BYTES;

    /** A range of keys, both inclusive, as Kafka Streams wants it. */
    public record Range(Bytes from, Bytes to) {}

    private RowKeys() {}

    /** How far the rows of the store go. */
    public static Bytes checkpoint() {
        return Bytes.wrap(
                ByteBuffer.allocate(FIRST).putLong(NO_TEAM).put(CHECKPOINT).array());
    }

    /** All rows of all teams. */
    static Range all() {
        return new Range(
                Bytes.wrap(ByteBuffer.allocate(FIRST).putLong(NO_TEAM + 1).array()),
                Bytes.wrap(ByteBuffer.allocate(FIRST)
                        .putLong(Long.MAX_VALUE)
                        .put(Byte.MAX_VALUE)
                        .array()));
    }

    public static Bytes action(long team, long actionId) {
        return key(team, ACTION, actionId);
    }

    public static Bytes period(long team, long periodId) {
        return key(team, PERIOD, periodId);
    }

    public static Range periods(long team) {
        return new Range(period(team, 0), period(team, Long.MAX_VALUE));
    }

    public static Bytes sequences(long team) {
        return Bytes.wrap(
                ByteBuffer.allocate(FIRST).putLong(team).put(SEQUENCES).array());
    }

    public static Bytes row(long team, long createdTime, long actionId) {
        return Bytes.wrap(ByteBuffer.allocate(ROW_LENGTH)
                .putLong(team)
                .put(ROW)
                .putLong(createdTime ^ Long.MIN_VALUE)
                .putLong(actionId)
                .array());
    }

    /** The actions of a team created from {@code start} until before {@code end}. */
    public static Range rows(long team, long start, long end) {
        return new Range(row(team, start, 0), row(team, end, 0)); // no action has the id 0
    }

    static long periodIdOf(Bytes period) {
        return ByteBuffer.wrap(period.get()).getLong(FIRST);
    }

    public static long createdTimeOf(Bytes row) {
        return ByteBuffer.wrap(row.get()).getLong(FIRST) ^ Long.MIN_VALUE;
    }

    public static long actionIdOf(Bytes row) {
        return ByteBuffer.wrap(row.get()).getLong(SECOND);
    }

    private static Bytes key(long team, byte type, long id) {
        return Bytes.wrap(
                ByteBuffer.allocate(SECOND).putLong(team).put(type).putLong(id).array());
    }
}
