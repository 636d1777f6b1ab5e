package io.periodview.streams.state;

/**
 * Where an action stands, and what it is known by in every period:
 *
 * <pre>
 * [version:1] [createdTime:8] [number:8]
 * </pre>
 *
 * @param createdTime in milliseconds since the epoch
 * @param number unique within the team, given when the action was created, kept until it is deleted
 */
record ActionPlace(long createdTime, long number) {

    private static final int CREATED_TIME = 1;
    private static final int NUMBER = CREATED_TIME + Long.BYTES;

    static ActionPlace decode(byte[] row) {
        RowLayout.requireVersion(row);
        return new ActionPlace(RowLayout.getLong(row, CREATED_TIME), RowLayout.getLong(row, NUMBER));
    }

    byte[] encode() {
        byte[] row = new byte[NUMBER + Long.BYTES];
        row[0] = RowLayout.VERSION;
        RowLayout.putLong(row, CREATED_TIME, createdTime);
        RowLayout.putLong(row, NUMBER, number);
        return row;
    }
}
