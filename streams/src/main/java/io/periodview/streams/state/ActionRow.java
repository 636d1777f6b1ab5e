package io.periodview.streams.state;

import io.periodview.streams.rules.Assignments;
import java.util.Arrays;

/**
 * A stored action, read in place:
 *
 * <pre>
 * [version:1] [n:4] n x ([incarnation:8] [periodActionId:8])
 * [length:4] head  [length:4] tail  [fields:4] fields x ([length:4] name [length:4] value)
 * </pre>
 *
 * Head and tail are the JSON that will be served ({@link ActionJson}); a form field has its name and its value as
 * JSON. Immutable; the arrays are never copied.
 */
public final class ActionRow {

    private static final int COUNT = 1;
    private static final int PAIRS = COUNT + Integer.BYTES;
    private static final int PAIR = 2 * Long.BYTES;

    private final byte[] row;
    private final int body;

    private ActionRow(byte[] row) {
        this.row = row;
        this.body = PAIRS + PAIR * RowLayout.getInt(row, COUNT);
    }

    public static ActionRow of(byte[] row) {
        return new ActionRow(RowLayout.requireVersion(row));
    }

    static byte[] encode(Assignments assignments, byte[] body) {
        return encode(assignments, body, 0);
    }

    private static byte[] encode(Assignments assignments, byte[] source, int from) {
        int pairs = PAIR * assignments.size();
        byte[] row = new byte[PAIRS + pairs + source.length - from];
        row[0] = RowLayout.VERSION;
        RowLayout.putInt(row, COUNT, assignments.size());
        for (int i = 0, at = PAIRS; i < assignments.size(); i++, at += PAIR) {
            RowLayout.putLong(row, at, assignments.incarnation(i));
            RowLayout.putLong(row, at + Long.BYTES, assignments.periodActionId(i));
        }
        System.arraycopy(source, from, row, PAIRS + pairs, source.length - from);
        return row;
    }

    /** The same action with other assignments. */
    byte[] with(Assignments assignments) {
        return encode(assignments, row, body);
    }

    Assignments assignments() {
        long[] pairs = new long[(body - PAIRS) / Long.BYTES];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = RowLayout.getLong(row, PAIRS + i * Long.BYTES);
        }
        return Assignments.of(pairs);
    }

    /** The action's id in an incarnation of a period, or {@link Assignments#NO_ID}. */
    public long idIn(long incarnation) {
        for (int at = PAIRS; at < body; at += PAIR) {
            if (RowLayout.getLong(row, at) == incarnation) {
                return RowLayout.getLong(row, at + Long.BYTES);
            }
        }
        return Assignments.NO_ID;
    }

    /** What {@link #head} and {@link #tail} and the form fields' positions point into. */
    public byte[] bytes() {
        return row;
    }

    /** Where the head begins; its length stands in the four bytes before. */
    public int head() {
        return body + Integer.BYTES;
    }

    /** Where the tail begins; its length stands in the four bytes before. */
    public int tail() {
        return after(head()) + Integer.BYTES;
    }

    /** The length of the head, tail, name or value that begins there. */
    public int lengthOf(int part) {
        return RowLayout.getInt(row, part - Integer.BYTES);
    }

    /** Where the value of a form field begins, or -1 if the action has none of this name (as a JSON string). */
    public int formField(byte[] name) {
        int at = after(tail());
        int fields = RowLayout.getInt(row, at);
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

    private int after(int part) {
        return part + lengthOf(part);
    }
}
