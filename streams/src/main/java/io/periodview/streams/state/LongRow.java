package io.periodview.streams.state;

/** A row that is one number: where an action stands, or the numbers handed out in a team. */
final class LongRow {

    private static final int NUMBER = 1;

    private LongRow() {}

    static byte[] encode(long number) {
        byte[] row = new byte[NUMBER + Long.BYTES];
        row[0] = RowLayout.VERSION;
        RowLayout.putLong(row, NUMBER, number);
        return row;
    }

    static long decode(byte[] row) {
        return RowLayout.getLong(RowLayout.requireVersion(row), NUMBER);
    }
}
