package io.periodview.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Random;

/**
 * A made history, the same for the same shape: all periods first, one behind the other over a year; then actions, each
 * created once and updated some times, as large as real ones. Some teams and some periods have many more than others
 * (Zipf, exponent 1).
 *
 * @param teams 1 to this
 * @param periods of each team
 * @param actions of all teams
 * @param updates of each action after its creation, on average
 */
public record SyntheticEvents(int teams, int periods, int actions, int updates) implements Iterable<ChangeEvent> {

    private static final long EPOCH = Instant.parse("2024-01-01T00:00:00Z").toEpochMilli();
    private static final long YEAR = 365L * 86_400_000;
    private static final String[] STATUS = {"New", "Active", "Awaiting User Info", "Resolved", "Closed"};

    /** How many events that is. */
    public long size() {
        return (long) teams * periods + (long) actions * (1 + updates);
    }

    @Override
    public Iterator<ChangeEvent> iterator() {
        return new History(size());
    }

    /** The same, and after it so many updates of any of its actions, also of those that nobody touched for long. */
    public Iterator<ChangeEvent> withUpdatesOfAny(int more) {
        return new History(size() + more);
    }

    private final class History implements Iterator<ChangeEvent> {

        private final Random random = new Random(1);
        private final Zipf byTeam = new Zipf(teams);
        private final Zipf byPeriod = new Zipf(periods);
        private final int[] teamOf = new int[actions];
        private final long[] createdTimes = new long[actions];
        private final long end;
        private long next;
        private int created;

        History(long end) {
            this.end = end;
        }

        @Override
        public boolean hasNext() {
            return next < end;
        }

        @Override
        public ChangeEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            long at = next++;
            return at < (long) teams * periods ? period(at) : action();
        }

        private ChangeEvent period(long at) {
            long team = 1 + at / periods;
            long id = 1 + at % periods;
            long start = EPOCH + (id - 1) * (YEAR / periods);
            String json = "{\"name\":\"Period " + id + "\",\"start_date\":\"" + Instant.ofEpochMilli(start)
                    + "\",\"end_date\":\"" + Instant.ofEpochMilli(start + YEAR / periods)
                    + "\",\"markers\":[{\"name\":\"Opening\",\"timestamp\":\"" + Instant.ofEpochMilli(start) + "\"}]}";
            return new ChangeEvent(true, team, team + "/" + id, EPOCH, json.getBytes(UTF_8));
        }

        /** A new one, or an update of one of the last ten thousand: those are the ones that people work on. */
        private ChangeEvent action() {
            long done = next - (long) teams * periods;
            int which;
            if (next > size()) {
                which = random.nextInt(actions);
            } else if (created < actions && (created == 0 || done > (long) created * (1 + updates))) {
                which = created++;
                teamOf[which] = 1 + byTeam.next(random);
                long period = byPeriod.next(random);
                createdTimes[which] =
                        EPOCH + period * (YEAR / periods) + (long) (random.nextDouble() * (YEAR / periods));
            } else {
                which = Math.max(0, created - 1 - random.nextInt(10_000));
            }
            return action(which);
        }

        private ChangeEvent action(int which) {
            long id = 1 + which;
            String time =
                    Instant.ofEpochMilli(createdTimes[which] / 1000 * 1000).toString();
            String json = "{\"classification\":\"Category " + random.nextInt(60)
                    + "\",\"subClassification\":\"Subcategory "
                    + random.nextInt(300) + "\",\"status\":\"" + STATUS[random.nextInt(STATUS.length)]
                    + "\",\"createdTime\":\"" + time + "\",\"assignedTime\":\"" + time
                    + "\",\"doingTime\":null,\"closedTime\":null,\"createdByUserName\":\"User " + random.nextInt(200)
                    + "\",\"assignedUserNames\":[\"Resolver " + random.nextInt(230)
                    + "\"],\"channel\":\"Phone\",\"formType\":\"Incident\",\"latestChannel\":\"Group "
                    + random.nextInt(80)
                    + "\",\"aiDispatched\":true,\"formFields\":{\"impact\":\"2\",\"urgency\":\"2\","
                    + "\"priority\":\"3\",\"location\":\"Location " + random.nextInt(200) + "\",\"symptom\":\"Symptom "
                    + random.nextInt(500) + "\",\"caller\":\"Caller " + random.nextInt(5000)
                    + "\",\"reassignments\":0,\"withinSla\":true}}";
            long team = teamOf[which];
            return new ChangeEvent(false, team, team + "/" + id, createdTimes[which], json.getBytes(UTF_8));
        }
    }

    /** Numbers from 0, of which the n-th is n times as rare as the first. */
    private static final class Zipf {

        private final double[] sums;

        Zipf(int numbers) {
            sums = new double[numbers];
            double sum = 0;
            for (int i = 0; i < numbers; i++) {
                sum += 1.0 / (i + 1);
                sums[i] = sum;
            }
        }

        int next(Random random) {
            int at = Arrays.binarySearch(sums, random.nextDouble() * sums[sums.length - 1]);
            return Math.min(at < 0 ? -at - 1 : at, sums.length - 1);
        }
    }
}
