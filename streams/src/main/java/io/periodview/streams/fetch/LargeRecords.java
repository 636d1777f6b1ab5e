package io.periodview.streams.fetch;

import io.periodview.streams.intake.OversizedRecord;

/** What becomes of records that are too large to be kept. */
public enum LargeRecords {

    /** They come without their value, and without more if it must be: see {@link OversizedRecord}. */
    OMIT_VALUE(OversizedRecord.MAX_WRITTEN_BYTES),

    /**
     * They cannot be read: in a changelog, where only the service writes, nothing may be left out. Its rows are smaller
     * (StreamsSettings.MAX_ROW_BYTES).
     */
    REFUSE(16 << 20);

    /** Bytes of a record as Kafka writes it, before compression. */
    private final int limit;

    LargeRecords(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }
}
