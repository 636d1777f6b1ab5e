package io.periodview.streams.store;

/**
 * Where the row of an action is, and what it is known by in every period:
 *
 * <pre>
 * [version:1] [createdTime:8] [number:8]
 * </pre>
 *
 * @param createdTime in milliseconds since the epoch
 * @param number unique within the team, given when the action was created, kept until it is deleted
 */
public record ActionIndexRow(long createdTime, long number) {

    private static final int CREATED_TIME = 1;
    private static final int NUMBER = CREATED_TIME + Long.BYTES;

    public static ActionIndexRow decode(byte[] row) {
        RowFormat.requireVersion(row);
        return new ActionIndexRow(RowFormat.getLong(row, CREATED_TIME), RowFormat.getLong(row, NUMBER));
    }

    public byte[] encode() {
        byte[] row = new byte[NUMBER + Long.BYTES];
        row[0] = RowFormat.VERSION;
        RowFormat.putLong(row, CREATED_TIME, createdTime);
        RowFormat.putLong(row, NUMBER, number);
        return row;
    }
}
