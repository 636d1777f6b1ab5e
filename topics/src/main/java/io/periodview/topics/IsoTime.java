package io.periodview.topics;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Times as the contract has them: read as ISO 8601 date and time with an offset and any fraction of a second, kept as
 * milliseconds since 1970-01-01T00:00Z (rounded down), served in UTC with milliseconds and {@code Z}.
 *
 * <p>Years go from 0000 to 9999 in UTC, which is what four digits can serve. Seconds may be left out, a leap second is
 * not taken. Written by hand because java.time stops at nine digits of a fraction, and because every event has up to
 * four of these.
 */
public final class IsoTime {

    /** For the error message. */
    public static final String FORMAT =
            "an ISO 8601 date and time with an offset, such as 2024-07-18T18:30:00.000Z or 2024-07-18T20:30+02:00";

    /** 0000-01-01T00:00:00.000Z. */
    public static final long MIN = -62_167_219_200_000L;

    /** 9999-12-31T23:59:59.999Z. */
    public static final long MAX = 253_402_300_799_999L;

    private static final long DAY = 86_400_000L;

    private IsoTime() {}

    /** Bytes of a time as it is served. */
    public static final int LENGTH = 24;

    /** What {@link #parse(byte[], int, int)} says of what is no time. */
    static final long NONE = Long.MIN_VALUE;

    /** Milliseconds since the epoch, or empty if the text is no such time. */
    public static OptionalLong parse(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        long time = parse(bytes, 0, bytes.length);
        return time == NONE ? OptionalLong.empty() : OptionalLong.of(time);
    }

    /** Why {@link #parse(String)} does not take a time that only has a wrong year, as a clause; null for any other text. */
    public static @Nullable String yearProblem(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        long time = new Reader(bytes, 0, bytes.length).time();
        if (time > MAX) {
            return "whose year is beyond 9999 in UTC";
        }
        return time < MIN && time != NONE ? "whose year is before 0000 in UTC" : null;
    }

    /** The same of a part of a text, or {@link #NONE}. */
    static long parse(byte[] text, int from, int to) {
        long time = new Reader(text, from, to).time();
        return time >= MIN && time <= MAX ? time : NONE;
    }

    /** Whether a time that could be read is written as it is served. */
    static boolean isServed(byte[] text, int from, int to) {
        return to - from == LENGTH && text[from + 10] == 'T' && text[from + 19] == '.' && text[to - 1] == 'Z';
    }

    /** The served form of a time between {@link #MIN} and {@link #MAX}, 24 characters. */
    public static String format(long time) {
        byte[] out = new byte[LENGTH];
        put(out, 0, time);
        return new String(out, ISO_8859_1);
    }

    /**
     * Puts the served form into an array.
     *
     * @return where what follows goes
     */
    public static int put(byte[] out, int at, long time) {
        long day = Math.floorDiv(time, DAY);
        int ofDay = (int) Math.floorMod(time, DAY);
        // Days to year, month and day, counting years from March: Howard Hinnant, "chrono-compatible low-level date
        // algorithms", civil_from_days.
        long shifted = day + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        long dayOfEra = shifted - era * 146_097;
        long yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = (int) (dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100));
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        int year = (int) (yearOfEra + era * 400) + (month <= 2 ? 1 : 0);
        int next = digits(out, at, year, 4, '-');
        next = digits(out, next, month, 2, '-');
        next = digits(out, next, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1, 2, 'T');
        next = digits(out, next, ofDay / 3_600_000, 2, ':');
        next = digits(out, next, ofDay / 60_000 % 60, 2, ':');
        next = digits(out, next, ofDay / 1_000 % 60, 2, '.');
        return digits(out, next, ofDay % 1_000, 3, 'Z');
    }

    private static int digits(byte[] out, int at, int number, int width, char after) {
        int left = number;
        for (int i = at + width - 1; i >= at; i--, left /= 10) {
            out[i] = (byte) ('0' + left % 10);
        }
        out[at + width] = (byte) after;
        return at + width + 1;
    }

    /** Reads from left to right; the first thing that does not fit makes the whole no time. */
    private static final class Reader {
        private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};
        private static final int[] DAYS_IN_MONTH = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

        private final byte[] text;
        private final int end;
        private int at;
        private boolean bad;

        Reader(byte[] text, int from, int end) {
            this.text = text;
            this.at = from;
            this.end = end;
        }

        long time() {
            int year = number(4);
            expect('-', '-');
            int month = number(2);
            expect('-', '-');
            int day = number(2);
            expect('T', 't');
            int hour = number(2);
            expect(':', ':');
            int minute = number(2);
            boolean seconds = next(':', ':');
            int second = seconds ? number(2) : 0;
            int millis = seconds && next('.', ',') ? fraction() : 0;
            int offset = offset();
            if (bad || at != end || !exists(year, month, day) || hour > 23 || minute > 59 || second > 59) {
                return NONE;
            }
            return daysSinceEpoch(year, month, day) * DAY
                    + hour * 3_600_000L
                    + (minute - offset) * 60_000L
                    + second * 1_000L
                    + millis;
        }

        /** The offset from UTC in minutes: Z, +hh:mm, +hhmm or +hh. */
        private int offset() {
            if (next('Z', 'z')) {
                return 0;
            }
            boolean west = next('-', '-');
            if (!west) {
                expect('+', '+');
            }
            int hours = number(2);
            int minutes = next(':', ':') || at < end ? number(2) : 0;
            bad |= hours > 23 || minutes > 59;
            return (west ? -1 : 1) * (hours * 60 + minutes);
        }

        /** The milliseconds of a fraction with any number of digits. */
        private int fraction() {
            int millis = 0;
            int digits = 0;
            for (; at < end && isDigit(text[at]); at++, digits++) {
                if (digits < 3) {
                    millis = millis * 10 + (text[at] - '0');
                }
            }
            bad |= digits == 0;
            return digits == 1 ? millis * 100 : digits == 2 ? millis * 10 : millis;
        }

        private int number(int digits) {
            int number = 0;
            for (int i = 0; i < digits; i++, at++) {
                if (at >= end || !isDigit(text[at])) {
                    bad = true;
                    return 0;
                }
                number = number * 10 + (text[at] - '0');
            }
            return number;
        }

        private boolean next(char one, char other) {
            boolean is = at < end && (text[at] == one || text[at] == other);
            at += is ? 1 : 0;
            return is;
        }

        private void expect(char one, char other) {
            bad |= !next(one, other);
        }

        private static boolean isDigit(byte c) {
            return c >= '0' && c <= '9';
        }

        private static boolean exists(int year, int month, int day) {
            return month >= 1
                    && month <= 12
                    && day >= 1
                    && day <= DAYS_IN_MONTH[month - 1] + (month == 2 && isLeap(year) ? 1 : 0);
        }

        private static boolean isLeap(int year) {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        }

        private static long daysSinceEpoch(int year, int month, int day) {
            int before = year - 1;
            long leapDays = Math.floorDiv(before, 4) - Math.floorDiv(before, 100) + Math.floorDiv(before, 400);
            int leapDay = month > 2 && isLeap(year) ? 1 : 0;
            return before * 365L + leapDays + DAYS_BEFORE_MONTH[month - 1] + leapDay + day - 719_163;
        }
    }
}
