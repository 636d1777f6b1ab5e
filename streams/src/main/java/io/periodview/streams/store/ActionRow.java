package io.periodview.streams.store;

import java.util.Arrays;

/**
 * A stored action, read in place:
 *
 * <pre>
 * [version:1] [number:8] [length:4] head  [length:4] tail  [fields:4] fields x ([length:4] name [length:4] value)
 * </pre>
 *
 * Head and tail are the JSON that will be served ({@link ActionRowEncoder}); a form field has its name and its value as
 * JSON. Immutable; the array is never copied.
 */
public final class ActionRow {

    static final int NUMBER = 1;
    static final int BODY = NUMBER + Long.BYTES;

    private final byte[] row;

    private ActionRow(byte[] row) {
        this.row = row;
    }

    public static ActionRow of(byte[] row) {
        return new ActionRow(RowFormat.requireVersion(row));
    }

    /** What the action is known by in every period: see {@link io.periodview.streams.domain.PeriodActionIds}. */
    public long number() {
        return RowFormat.getLong(row, NUMBER);
    }

    /** What {@link #head} and {@link #tail} and the form fields' positions point into. */
    public byte[] bytes() {
        return row;
    }

    /** Where the head begins; its length stands in the four bytes before. */
    public int head() {
        return BODY + Integer.BYTES;
    }

    /** Where the tail begins; its length stands in the four bytes before. */
    public int tail() {
        return after(head()) + Integer.BYTES;
    }

    /** The length of the head, tail, name or value that begins there. */
    public int lengthOf(int part) {
        return RowFormat.getInt(row, part - Integer.BYTES);
    }

    /** Where the value of a form field begins, or -1 if the action has none of this name (as a JSON string). */
    public int formField(byte[] name) {
        int at = after(tail());
        int fields = RowFormat.getInt(row, at);
        int field = at + 2 * Integer.BYTES;
        for (int i = 0; i < fields; i++) {
            int value = after(field) + Integer.BYTES;
            if (Arrays.equals(row, field, field + lengthOf(field), name, 0, name.length)) {
                return value;
            }
            field = after(value) + Integer.BYTES;
        }
        return -1;
    }

    /** The same row without its form fields; the array itself if it has none. Not to be changed. */
    public byte[] withoutFormFields() {
        int at = after(tail());
        if (RowFormat.getInt(row, at) == 0) {
            return row;
        }
        byte[] without = Arrays.copyOf(row, at + Integer.BYTES);
        RowFormat.putInt(without, at, 0);
        return without;
    }

    private int after(int part) {
        return part + lengthOf(part);
    }
}
