package io.periodview.streams.checkpoint;

import java.util.List;

/** Whether rows and topics belong together. */
public sealed interface Verdict {

    /** Offsets that were deleted before they were applied, whether an operator has allowed to go on without or not. */
    List<Gap> gaps();

    /**
     * They do.
     *
     * @param start where to read on
     * @param gaps that an operator has allowed to go on without
     * @param notes what an operator should know of it, a line each
     */
    record Admitted(Checkpoint start, List<Gap> gaps, List<String> notes) implements Verdict {}

    /**
     * They do not, or nobody can know: no event is applied, and nothing is answered.
     *
     * @param why what is wrong and what to do, for a person
     * @param gaps offsets that were deleted before they were applied
     * @param isForGood whether it stays so although it may not be seen any more: a log that was truncated grows again
     */
    record Refused(String why, List<Gap> gaps, boolean isForGood) implements Verdict {

        Refused(String why) {
            this(why, List.of(), false);
        }
    }

    /**
     * Offsets that were deleted before they were applied.
     *
     * @param from the first
     * @param to behind the last
     */
    record Gap(String topic, int partition, long from, long to) {

        public long offsets() {
            return to - from;
        }
    }
}
