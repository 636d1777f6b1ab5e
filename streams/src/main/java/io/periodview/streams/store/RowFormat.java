package io.periodview.streams.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What all rows share: a first byte that names the layout, and big-endian numbers. */
public final class RowFormat {

    /** The layout of this version of the service. A change of any row's layout gets a new number. */
    public static final byte VERSION = 2;

    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private RowFormat() {}

    public static int getInt(byte[] row, int at) {
        return (int) INT.get(row, at);
    }

    public static long getLong(byte[] row, int at) {
        return (long) LONG.get(row, at);
    }

    public static void putInt(byte[] row, int at, int value) {
        INT.set(row, at, value);
    }

    public static void putLong(byte[] row, int at, long value) {
        LONG.set(row, at, value);
    }

    /**
     * @throws IllegalStateException if a service of another version wrote the row; the state must then be rebuilt from
     *     the topics
     */
    public static byte[] requireVersion(byte[] row) {
        if (row.length == 0 || row[0] != VERSION) {
            throw new IllegalStateException("A stored row has layout "
                    + (row.length == 0 ? "none" : row[0])
                    + ", this version reads " + VERSION
                    + ": rebuild the view under another application id, or run the version that wrote it");
        }
        return row;
    }
}
