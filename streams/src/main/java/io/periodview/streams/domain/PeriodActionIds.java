package io.periodview.streams.domain;

/**
 * The {@code periodActionId}s of one period: each made of the action's number and the period's incarnation, which never
 * change while both exist and are never given again. So an id is unique in its team, stays for as long as the action
 * does, and nothing has to be stored, or rewritten when a period moves. Immutable.
 *
 * <p>An id is the action's number with the incarnation behind it as a varint (LEB128: seven bits a byte, the eighth says
 * that another follows), read from the lowest byte up; so no two pairs make the same id. It is exact in a double, which
 * is what JSON numbers are to many readers, for 35 million million actions in a team's first 128 periods, and for 137
 * thousand million up to the 16,384th.
 */
public final class PeriodActionIds {

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private final int shift;
    private final long incarnation;

    /** @param incarnation from 1 on, unique within the team */
    public PeriodActionIds(long incarnation) {
        long rest = incarnation - 1;
        long varint = rest % MORE;
        int length = Byte.SIZE;
        for (rest >>= BITS; rest > 0; rest >>= BITS) {
            varint |= (long) MORE << (length - Byte.SIZE) | rest % MORE << length;
            length += Byte.SIZE;
        }
        this.shift = length;
        this.incarnation = varint;
    }

    /**
     * @param actionNumber from 1 on, unique within the team
     * @throws ArithmeticException if there is no such id in 63 bits: beyond 2^31 actions together with 2^28 periods
     */
    public long of(long actionNumber) {
        if (actionNumber > Long.MAX_VALUE >> shift) {
            throw new ArithmeticException("Action number " + actionNumber + " and a period's incarnation of " + shift
                    + " bits make no 64-bit id: the team has had too many periods and actions");
        }
        return actionNumber << shift | incarnation;
    }
}
