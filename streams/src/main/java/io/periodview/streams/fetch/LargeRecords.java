package io.periodview.streams.fetch;

import io.periodview.streams.intake.OmittedValue;

/** What becomes of records that are too large to be kept. */
public enum LargeRecords {

    /** They come without their value: see {@link OmittedValue}. */
    OMIT_VALUE(OmittedValue.MAX_RECORD_BYTES),

    /**
     * They cannot be read: in a changelog, where only the service writes, nothing may be left out. Its rows are smaller
     * (StreamsSettings.MAX_ROW_BYTES).
     */
    REFUSE(2 * OmittedValue.MAX_RECORD_BYTES);

    /** Bytes of the heap. */
    private final int limit;

    LargeRecords(int limit) {
        this.limit = limit;
    }

    int limit() {
        return limit;
    }
}
