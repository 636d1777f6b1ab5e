package io.periodview.cli.chaos;

import io.periodview.cli.InstanceProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Ask for all teams through all instances, without a pause, and record every answer that is none. Thread-safe. */
final class TeamReaders implements AutoCloseable {

    /** An instance that is down refuses at once. */
    private static final long PAUSE_WITHOUT_ANSWER = TimeUnit.MILLISECONDS.toNanos(20);

    /** As a client, and as instances ask each other: then who is not asked rightly says so at once. */
    private static final List<String[]> ROLES = List.of(
            new String[] {}, new String[] {"View-Forwarded", "owner"}, new String[] {"View-Forwarded", "standby"});

    /** @param before what a standby may still have, which lags behind */
    private record Phase(Expected now, Expected before) {

        @Nullable
        String problem(long team, String path, TaggedClient.Answer answer) {
            String problem = now.problemWithIds(team, path, answer.body());
            return problem != null && answer.isStandby() && before.problem(team, path, answer.body()) == null
                    ? null
                    : problem;
        }
    }

    private final Map<Long, String> keys;
    private final EventJournal journal;
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private volatile Phase phase;
    private volatile boolean closed;

    /** @param keys of the API, by team */
    TeamReaders(
            long seed,
            List<InstanceProcess> instances,
            Map<Long, String> keys,
            Expected expected,
            EventJournal journal) {
        this.keys = keys;
        this.phase = new Phase(expected, expected);
        this.journal = journal;
        for (InstanceProcess instance : instances) {
            Thread thread = new Thread(() -> read(seed, instance), "reads of " + instance);
            thread.setDaemon(true);
            threads.add(thread);
            thread.start();
        }
    }

    /** From now on only this is right; what was asked before does not count. */
    void expect(Expected now) {
        phase = new Phase(now, phase.now());
    }

    List<String> violations() {
        return violations;
    }

    /** How often each status was answered; 0 is no answer. */
    Map<Integer, Integer> statuses() {
        return statuses;
    }

    private void read(long seed, InstanceProcess instance) {
        TaggedClient client = new TaggedClient(seed);
        Random random = new Random(seed);
        try {
            while (!closed && violations.size() < 10) {
                long team = one(TopicHistory.TEAMS, random);
                String path = one(Expected.PATHS, random);
                Phase before = phase;
                TaggedClient.Answer answer =
                        client.ask(instance.port(), keys.getOrDefault(team, ""), team, path, one(ROLES, random));
                statuses.merge(answer.status(), 1, Integer::sum);
                String problem = answer.isAnswer() ? before.problem(team, path, answer) : null;
                // Exactly this object: it was right all the time.
                if (problem != null && before == phase) {
                    String what = instance + ", team " + team + ", " + path + ": " + answer.of() + " " + problem;
                    violations.add(what);
                    journal.note("WRONG: %s", what);
                }
                if (answer.status() == 0) {
                    LockSupport.parkNanos(PAUSE_WITHOUT_ANSWER);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static <T> T one(List<T> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }

    @Override
    public void close() {
        closed = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
