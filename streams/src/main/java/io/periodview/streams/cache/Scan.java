package io.periodview.streams.cache;

/**
 * What a reader of a period's rows reports to the cache while it reads them from the store. To be closed in any case. Not
 * thread-safe.
 */
public interface Scan extends AutoCloseable {

    /** Reports to nobody: for standbys. */
    Scan NONE = new Scan() {
        @Override
        public void period(byte[] row, long start, long end) {}

        @Override
        public boolean wantsRows() {
            return false;
        }

        @Override
        public void row(long createdTime, long actionId, byte[] row) {}

        @Override
        public void complete() {}

        @Override
        public void close() {}
    };

    /** The period's row, as it was at the moment that the rows' iterator shows. */
    void period(byte[] row, long start, long end);

    /** Whether it is of use to report the next row. */
    boolean wantsRows();

    /** The next of its actions, in their order; without form fields. */
    void row(long createdTime, long actionId, byte[] row);

    /** Those were all. If it is not called, no row is kept. */
    void complete();

    @Override
    void close();
}
