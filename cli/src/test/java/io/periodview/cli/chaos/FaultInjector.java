package io.periodview.cli.chaos;

import io.periodview.sandbox.Broker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What befalls the instances and the broker, at random moments: each thing begins, and ends some seconds later, while
 * others go on. At the end all is mended. Not thread-safe.
 */
final class FaultInjector {

    private final Random random;
    private final List<Member> members;
    private final @Nullable StateDisk disk;
    private final Duration session;
    private final Path logs;
    private final EventJournal diary;
    private Broker broker;

    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Set<Member> busy = new HashSet<>();
    private boolean brokerBusy;

    private interface Mending {
        void mend() throws IOException, InterruptedException;
    }

    private record Due(long nanos, Mending mending) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(nanos, other.nanos);
        }
    }

    /**
     * @param members of which the first has its state on the disk, if there is one
     * @param session after which an instance that is silent has lost its partitions
     */
    FaultInjector(
            long seed,
            Broker broker,
            List<Member> members,
            @Nullable StateDisk disk,
            Duration session,
            Path logs,
            EventJournal diary) {
        this.random = new Random(seed);
        this.broker = broker;
        this.members = members;
        this.disk = disk;
        this.session = session;
        this.logs = logs;
        this.diary = diary;
    }

    /** It may be another run than the one that this began with. */
    Broker broker() {
        return broker;
    }

    /** Begins something. */
    void begin() throws IOException, InterruptedException {
        List<Member> free = new ArrayList<>(members);
        free.removeAll(busy);
        int what = random.nextInt(14);
        if (what < 2) {
            breakBroker(what == 0);
        } else if (!free.isEmpty()) {
            Member member = free.get(random.nextInt(free.size()));
            busy.add(member);
            if (what < 5) {
                kill(member);
            } else if (what < 8) {
                stop(member);
            } else if (what < 11 || disk == null || member != members.get(0)) {
                freeze(member, what == 8);
            } else {
                fillDisk(member, disk);
            }
        }
    }

    /** Ends what is to end by now. */
    void mendDue() throws IOException, InterruptedException {
        for (Due next = due.peek(); next != null && next.nanos() <= System.nanoTime(); next = due.peek()) {
            due.remove(next);
            next.mending().mend();
        }
        supervise();
    }

    /** Ends everything, a broker that is away first. */
    void mendAll() throws IOException, InterruptedException {
        if (brokerBusy) {
            startBroker();
        }
        for (Due next = due.poll(); next != null; next = due.poll()) {
            next.mending().mend();
        }
        supervise();
        diary.note("all is mended");
    }

    /** Starts an instance again that has ended by itself: because no broker answered, or because it gave up. */
    void supervise() throws IOException, InterruptedException {
        for (Member member : members) {
            if (!busy.contains(member) && !member.isAlive()) {
                int status = member.ended(logs);
                List<String> said = member.process().err();
                String last = said.isEmpty() ? "" : said.get(said.size() - 1);
                diary.note("%s: ended by itself with %d: %s", member, status, last);
                if (status != 1) {
                    throw new AssertionError(member + " ended with " + status + ". " + member.process());
                }
                start(member);
            }
        }
    }

    private void after(double seconds, Mending mending) {
        due.add(new Due(System.nanoTime() + (long) (seconds * 1e9), mending));
    }

    private void breakBroker(boolean kill) {
        if (brokerBusy) {
            return;
        }
        brokerBusy = true;
        diary.note("broker: %s", kill ? "kill -9" : "stop");
        if (kill) {
            broker.kill();
        } else {
            broker.close();
        }
        after(random.nextDouble() * 3, this::startBroker);
    }

    private void startBroker() throws InterruptedException {
        if (brokerBusy) {
            broker = broker.startAgain();
            brokerBusy = false;
            diary.note("broker: started");
        }
    }

    private void kill(Member member) throws IOException, InterruptedException {
        diary.note("%s: kill -9", member);
        member.signal("KILL");
        member.ended(logs);
        if (random.nextInt(3) == 0) {
            diary.note("%s: state deleted", member);
            member.deleteState();
        }
        after(random.nextDouble() * 4, () -> start(member));
    }

    private void stop(Member member) throws IOException, InterruptedException {
        diary.note("%s: SIGTERM", member);
        member.signal("TERM");
        int what = random.nextInt(4);
        after(3 + random.nextDouble() * 2, () -> {
            diary.note("%s: ended with %d", member, member.ended(logs));
            if (what == 0) {
                diary.note("%s: state deleted", member);
                member.deleteState();
            } else if (what < 3) {
                diary.note("%s: damaged %s", member, member.damage(random));
            } else if (disk != null && member == members.get(0)) {
                startReadOnly(member, disk);
            }
            start(member);
        });
    }

    private void freeze(Member member, boolean shortly) throws IOException, InterruptedException {
        double seconds = shortly ? random.nextDouble() * 2 : session.toMillis() / 1e3 + 1 + random.nextDouble() * 3;
        diary.note("%s: SIGSTOP for %.1f s", member, seconds);
        member.signal("STOP");
        after(seconds, () -> {
            member.signal("CONT");
            diary.note("%s: SIGCONT", member);
            busy.remove(member);
        });
    }

    private void fillDisk(Member member, StateDisk full) throws IOException {
        diary.note("%s: disk full", member);
        full.fill();
        after(3 + random.nextDouble() * 3, () -> {
            // It may not have noticed; but its next start does.
            if (member.isAlive()) {
                member.signal("KILL");
            }
            diary.note("%s: ended with %d", member, member.ended(logs));
            // Else it would discard what it cannot trust, and rightly begin anew in the room that makes.
            member.deleteState();
            full.fill();
            member.start();
            int status = member.ended(logs);
            diary.note("%s: started on the full disk, ended with %d", member, status);
            if (status != 1) {
                throw new AssertionError("An instance started on a full disk. " + member.process());
            }
            full.free();
            start(member);
        });
    }

    private void startReadOnly(Member member, StateDisk readOnly) throws IOException, InterruptedException {
        readOnly.setWritable(false);
        member.start();
        int status = member.ended(logs);
        diary.note("%s: started on a read-only disk, ended with %d", member, status);
        readOnly.setWritable(true);
        if (status != 1) {
            throw new AssertionError("An instance started on a read-only disk. " + member.process());
        }
    }

    private void start(Member member) throws IOException {
        diary.note("%s: start", member);
        member.start();
        busy.remove(member);
    }
}
