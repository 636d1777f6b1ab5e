package io.periodview.cli.chaos;

import io.periodview.cli.InstanceProcess;
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
 * Injects faults into the instances and the broker at random moments: each begins, and ends some seconds later, while
 * others go on. At the end everything has recovered. Not thread-safe.
 */
final class FaultInjector {

    private final Random random;
    private final List<InstanceProcess> instances;
    private final @Nullable StateDisk disk;
    private final Duration session;
    private final Path logs;
    private final EventJournal journal;
    private Broker broker;

    private final PriorityQueue<Due> due = new PriorityQueue<>();
    private final Set<InstanceProcess> busy = new HashSet<>();
    private boolean brokerBusy;

    private interface Recovery {
        void recover() throws IOException, InterruptedException;
    }

    private record Due(long nanos, Recovery recovery) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return Long.compare(nanos, other.nanos);
        }
    }

    /**
     * @param instances of which the first has its state on the disk, if there is one
     * @param session timeout after which an unresponsive instance loses its partitions
     */
    FaultInjector(
            long seed,
            Broker broker,
            List<InstanceProcess> instances,
            @Nullable StateDisk disk,
            Duration session,
            Path logs,
            EventJournal journal) {
        this.random = new Random(seed);
        this.broker = broker;
        this.instances = instances;
        this.disk = disk;
        this.session = session;
        this.logs = logs;
        this.journal = journal;
    }

    /** Its current run, which may not be the one that this began with. */
    Broker broker() {
        return broker;
    }

    /** Begins a fault. */
    void begin() throws IOException, InterruptedException {
        List<InstanceProcess> free = new ArrayList<>(instances);
        free.removeAll(busy);
        int what = random.nextInt(14);
        if (what < 2) {
            breakBroker(what == 0);
        } else if (!free.isEmpty()) {
            InstanceProcess instance = free.get(random.nextInt(free.size()));
            busy.add(instance);
            if (what < 5) {
                kill(instance);
            } else if (what < 8) {
                stop(instance);
            } else if (what < 11 || disk == null || instance != instances.get(0)) {
                freeze(instance, what == 8);
            } else {
                fillDisk(instance, disk);
            }
        }
    }

    /** Ends the faults that are due. */
    void recoverDue() throws IOException, InterruptedException {
        for (Due next = due.peek(); next != null && next.nanos() <= System.nanoTime(); next = due.peek()) {
            due.remove(next);
            next.recovery().recover();
        }
        supervise();
    }

    /** Ends all faults, a broker that is down first. */
    void recoverAll() throws IOException, InterruptedException {
        if (brokerBusy) {
            startBroker();
        }
        for (Due next = due.poll(); next != null; next = due.poll()) {
            next.recovery().recover();
        }
        supervise();
        journal.note("everything has recovered");
    }

    /** Restarts an instance that ended by itself: because no broker answered, or because of a fatal error. */
    void supervise() throws IOException, InterruptedException {
        for (InstanceProcess instance : instances) {
            if (!busy.contains(instance) && !instance.isAlive()) {
                int status = instance.awaitExit(logs);
                List<String> said = instance.process().err();
                String last = said.isEmpty() ? "" : said.get(said.size() - 1);
                journal.note("%s: ended by itself with %d: %s", instance, status, last);
                if (status != 1) {
                    throw new AssertionError(instance + " ended with " + status + ". " + instance.process());
                }
                start(instance);
            }
        }
    }

    private void after(double seconds, Recovery recovery) {
        due.add(new Due(System.nanoTime() + (long) (seconds * 1e9), recovery));
    }

    private void breakBroker(boolean kill) {
        if (brokerBusy) {
            return;
        }
        brokerBusy = true;
        journal.note("broker: %s", kill ? "kill -9" : "stop");
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
            journal.note("broker: started");
        }
    }

    private void kill(InstanceProcess instance) throws IOException, InterruptedException {
        journal.note("%s: kill -9", instance);
        instance.signal("KILL");
        instance.awaitExit(logs);
        if (random.nextInt(3) == 0) {
            journal.note("%s: state deleted", instance);
            instance.deleteState();
        }
        after(random.nextDouble() * 4, () -> start(instance));
    }

    private void stop(InstanceProcess instance) throws IOException, InterruptedException {
        journal.note("%s: SIGTERM", instance);
        instance.signal("TERM");
        int what = random.nextInt(4);
        after(3 + random.nextDouble() * 2, () -> {
            journal.note("%s: ended with %d", instance, instance.awaitExit(logs));
            if (what == 0) {
                journal.note("%s: state deleted", instance);
                instance.deleteState();
            } else if (what < 3) {
                journal.note("%s: damaged %s", instance, StateDamage.damage(instance.stateDir(), random));
            } else if (disk != null && instance == instances.get(0)) {
                startReadOnly(instance, disk);
            }
            start(instance);
        });
    }

    private void freeze(InstanceProcess instance, boolean shortly) throws IOException, InterruptedException {
        double seconds = shortly ? random.nextDouble() * 2 : session.toMillis() / 1e3 + 1 + random.nextDouble() * 3;
        journal.note("%s: SIGSTOP for %.1f s", instance, seconds);
        instance.signal("STOP");
        after(seconds, () -> {
            instance.signal("CONT");
            journal.note("%s: SIGCONT", instance);
            busy.remove(instance);
        });
    }

    private void fillDisk(InstanceProcess instance, StateDisk full) throws IOException {
        journal.note("%s: disk full", instance);
        full.fill();
        after(3 + random.nextDouble() * 3, () -> {
            // It may not have noticed; its next start does.
            if (instance.isAlive()) {
                instance.signal("KILL");
            }
            journal.note("%s: ended with %d", instance, instance.awaitExit(logs));
            // Otherwise it would discard the state that it cannot trust, and rightly start from scratch in the space
            // freed.
            instance.deleteState();
            full.fill();
            instance.start();
            int status = instance.awaitExit(logs);
            journal.note("%s: started on the full disk, ended with %d", instance, status);
            if (status != 1) {
                throw new AssertionError("An instance started on a full disk. " + instance.process());
            }
            full.free();
            start(instance);
        });
    }

    private void startReadOnly(InstanceProcess instance, StateDisk readOnly) throws IOException, InterruptedException {
        readOnly.setWritable(false);
        instance.start();
        int status = instance.awaitExit(logs);
        journal.note("%s: started on a read-only disk, ended with %d", instance, status);
        readOnly.setWritable(true);
        if (status != 1) {
            throw new AssertionError("An instance started on a read-only disk. " + instance.process());
        }
    }

    private void start(InstanceProcess instance) throws IOException {
        journal.note("%s: start", instance);
        instance.start();
        busy.remove(instance);
    }
}
