package io.periodview.cli.chaos;

import io.periodview.testkit.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A cluster, what is published there, and readers who know what is right at every moment: {@link #right} once all has
 * settled, and until then what is on the way to it. Not thread-safe.
 */
final class TopicScene implements AutoCloseable {

    private final TopicCluster cluster;
    private final TopicHistory history;
    private final TopicVerdict verdict;
    private final EventJournal journal;
    private final TeamReaders readers;
    private Expected right;
    /** What the view has shown, and what has been published since. */
    private List<Event> settled;

    private final List<Event> pending = new ArrayList<>();

    private TopicScene(
            TopicCluster cluster,
            TopicHistory history,
            TopicVerdict verdict,
            EventJournal journal,
            TeamReaders readers,
            Expected right) {
        this.cluster = cluster;
        this.history = history;
        this.verdict = verdict;
        this.journal = journal;
        this.readers = readers;
        this.right = right;
        this.settled = history.events();
    }

    /** With so many events, and instances that show them. */
    static TopicScene start(long seed, TopicCluster cluster, int events, EventJournal journal) throws Exception {
        TopicHistory history = new TopicHistory(seed, cluster.partitions());
        history.publish(cluster.bootstrapServers(), history.next(events, event -> true));
        Expected right = Expected.of(history.events());
        cluster.start();
        TeamReaders readers = new TeamReaders(seed, cluster.instances(), cluster.keys(), right.beforeSentOn(), journal);
        TopicScene scene = new TopicScene(cluster, history, new TopicVerdict(seed, cluster), journal, readers, right);
        try {
            scene.awaitRight();
            return scene;
        } catch (AssertionError | RuntimeException e) {
            scene.close();
            throw e;
        }
    }

    TopicCluster cluster() {
        return cluster;
    }

    TopicHistory history() {
        return history;
    }

    EventJournal journal() {
        return journal;
    }

    TeamReaders readers() {
        return readers;
    }

    /** The only right answers, once all has settled. */
    Expected right() {
        return right;
    }

    /** Waits until every answer is right, or refused with a line; from then on nothing else is right. */
    TopicVerdict.Seen await() {
        TopicVerdict.Seen seen = awaitOther(right);
        if (seen.isRight()) {
            settle();
        }
        return seen;
    }

    /** The same of another cluster's view. */
    TopicVerdict.Seen awaitOther(Expected rightThere) {
        TopicVerdict.Seen seen = verdict.awaited(rightThere);
        readers.expect(rightThere);
        return seen;
    }

    private void settle() {
        settled = history.events();
        pending.clear();
    }

    /** Waits until every answer is right: nothing is there to be refused. */
    void awaitRight() {
        TopicVerdict.Seen seen = await();
        if (!seen.isRight()) {
            throw new AssertionError("Nothing is wrong, and it is refused: " + seen);
        }
    }

    /** What is right is what the topics have now, and the view is built from them. */
    void reread() {
        history.reread(cluster.bootstrapServers());
        settle();
        right = Expected.of(settled);
        readers.expect(right.beforeSentOn());
    }

    /** What is right lacks these events, and the view goes on from where it stands. */
    void goOnWithout(Predicate<Published> lost) {
        history.forget(lost);
        settle();
        right = Expected.of(settled);
        readers.expect(Expected.anything());
    }

    void publish(int count, Predicate<Event> wanted) throws Exception {
        publish(history.next(count, wanted));
    }

    void publish(List<Event> events) throws Exception {
        journal.note("publish %d events", events.size());
        pending.addAll(events);
        expectOnTheWay();
        history.publish(cluster.bootstrapServers(), events);
        right = Expected.of(history.events());
    }

    /** Not all that was published since the view was right has to be shown yet. */
    void expectOnTheWay() {
        readers.expect(Expected.onTheWay(settled, pending));
    }

    /** Publishes events instead of those that are lost: nothing between both is right. */
    void replace(Predicate<Published> lost, List<Event> events) throws Exception {
        history.forget(lost);
        List<Event> now = new ArrayList<>(history.events());
        now.addAll(events);
        Expected after = Expected.of(now);
        readers.expect(right.or(after));
        history.publish(cluster.bootstrapServers(), events);
        right = after;
    }

    /**
     * Known limit: partitions to which events of a log that is lost were sent on still show them, until the view is rebuilt
     * as the line of the lost log's partition says.
     */
    void ignoreSentOn() {
        right = right.beforeSentOn();
    }

    @Override
    public void close() {
        readers.close();
    }
}
