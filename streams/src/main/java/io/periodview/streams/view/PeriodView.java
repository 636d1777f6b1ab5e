package io.periodview.streams.view;

import static io.periodview.streams.measured.Meters.Source.OWNER;
import static io.periodview.streams.measured.Meters.Source.STANDBY;

import io.periodview.streams.measured.Meters;
import io.periodview.streams.owned.Copy;
import io.periodview.streams.owned.Held;
import io.periodview.streams.owned.Live;
import io.periodview.streams.owned.OwnedPartition;
import io.periodview.topics.TeamPartitioner;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about the teams whose partitions this instance holds, and says who holds the others. Thread-safe;
 * nothing of a store is held when an answer is handed out.
 *
 * <p>Whether it owns a partition it knows from {@link Held}, before and after it reads; Kafka Streams would not let it
 * read while any partition is being moved.
 */
public final class PeriodView {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodView.class);

    /** Each keeps a thread of the server. */
    private static final int MOST_WAITING = 100;

    /** A hundred answers of a thousand actions. */
    private static final long MOST_KEPT = 64L << 20;

    private static final String MOVING = "The team's partition is being moved or restored.";
    private static final String FULL = "The answer could not be gathered.";

    private final KafkaStreams streams;
    private final String store;
    private final HostInfo self;
    private final AnswerSpace space;
    private final Held held;
    private final int partitions;
    private final Meters meters;
    private final StreamPartitioner<Long, Object> byTeam;
    private final KeptAnswers kept = new KeptAnswers(MOST_KEPT);
    private final Semaphore waiting = new Semaphore(MOST_WAITING);

    public PeriodView(
            KafkaStreams streams,
            String store,
            HostInfo self,
            AnswerSpace space,
            Held held,
            int partitions,
            Meters meters) {
        this.streams = streams;
        this.store = store;
        this.self = self;
        this.space = space;
        this.held = held;
        this.partitions = partitions;
        this.meters = meters;
        this.byTeam = (topic, team, value, unused) -> Optional.of(Set.of(partitionOf(team)));
    }

    /** Where in its topics a team's events are. */
    public int partitionOf(long teamId) {
        return TeamPartitioner.partitionOf(teamId, partitions);
    }

    /** Of which an owner knows its position. */
    public Set<String> topics() {
        return held.topics();
    }

    /** Where answers are gathered. */
    public AnswerSpace space() {
        return space;
    }

    /** Who holds a team's data, or null if nobody is known to. */
    public @Nullable Holders holders(long teamId) {
        try {
            KeyQueryMetadata where = streams.queryMetadataForKey(store, teamId, byTeam);
            return where == null || where.equals(KeyQueryMetadata.NOT_AVAILABLE)
                    ? null
                    : new Holders(
                            where.activeHost(),
                            where.standbyHosts().stream()
                                    .filter(host -> !host.equals(self))
                                    .toList());
        } catch (IllegalStateException | InvalidStateStoreException e) {
            LOG.debug("Nothing is known of team {}", teamId, e);
            return null;
        }
    }

    /** Whether the address is this instance's own. */
    public boolean isSelf(HostInfo host) {
        return host.equals(self);
    }

    /** Answers as the owner, whatever its position. */
    public Result ask(Question question) {
        return read(question, Conditions.NONE);
    }

    /** Answers as the owner, when what the reader wants is in the answer. */
    public Result ask(Question question, Conditions conditions) throws InterruptedException {
        if (conditions.atLeast().isEmpty()) {
            return read(question, conditions);
        }
        OwnedPartition owned = held.owned(partitionOf(question.teamId()));
        if (owned == null) {
            return new Result.NotHere(MOVING);
        }
        if (!owned.positions().await(conditions.atLeast(), Duration.ZERO)) {
            if (!waiting.tryAcquire()) {
                return new Result.NotReady("Too many readers wait for a position; ask again.");
            }
            try {
                if (!awaited(owned, conditions)) {
                    return owned.isSure()
                            ? new Result.NotReady("The position that View-At-Least names is not reached yet.")
                            : new Result.NotHere(MOVING);
                }
            } finally {
                waiting.release();
            }
        }
        Result result = read(question, conditions);
        // Another owner since then may be behind what this one had reached.
        return owned.isSure() ? result : close(result);
    }

    private boolean awaited(OwnedPartition owned, Conditions conditions) throws InterruptedException {
        long begin = System.nanoTime();
        boolean reached = owned.positions().await(conditions.atLeast(), conditions.patience());
        Meters.Wait outcome = reached ? Meters.Wait.REACHED : owned.isSure() ? Meters.Wait.LATE : Meters.Wait.MOVED;
        meters.waited(outcome, System.nanoTime() - begin);
        return reached;
    }

    /** Readers that wait for a position now. */
    public int waiting() {
        return MOST_WAITING - waiting.availablePermits();
    }

    /** Bytes of the heap that whole answers take which are kept. */
    public long keptBytes() {
        return kept.bytes();
    }

    private static Result close(Result result) {
        if (result instanceof Result.Found found) {
            closeQuietly(found.answer());
        }
        return new Result.NotHere(MOVING);
    }

    private Result read(Question question, Conditions conditions) {
        OwnedPartition owned = held.owned(partitionOf(question.teamId()));
        if (owned == null) {
            return new Result.NotHere(MOVING);
        }
        // All are older than what is read after them: all of the position is in the answer.
        Source source = new Source.Owner(owned.partition(), owned.positions().now());
        Live live = question.live(owned.versions());
        long number = live == null ? question.version(owned.versions()) : live.version();
        String version = owned.nonce() + "-" + number;
        if (conditions.known().contains(version)) {
            return owned.isSure()
                    ? counted(OWNER, Meters.From.CLIENT, new Result.NotModified(version, source))
                    : new Result.NotHere(MOVING);
        }
        Answer known = kept.get(question, version);
        if (known != null) {
            return owned.isSure()
                    ? counted(OWNER, Meters.From.KEPT, new Result.Found(known, version, source))
                    : new Result.NotHere(MOVING);
        }
        return guarded(question, () -> {
            GatheredAnswer answer = live == null
                    ? question.ask(new ViewReader(rows(owned.partition()), space), owned.versions(), number)
                    : question.ask(space, live);
            if (!owned.isSure()) {
                closeQuietly(answer);
                return new Result.NotHere(MOVING);
            }
            if (answer == null) {
                return counted(OWNER, Meters.From.NONE, new Result.NotFound(source));
            }
            kept.gathered(question, version, answer);
            return counted(
                    OWNER,
                    live == null ? Meters.From.STORE : Meters.From.LIVE,
                    new Result.Found(answer, version, source));
        });
    }

    /** It may still turn out that the partition has moved meanwhile; it counts all the same. */
    private Result counted(Meters.Source source, Meters.From from, Result result) {
        meters.answered(
                source,
                from,
                result instanceof Result.Found found ? found.answer().rows() : 0);
        return result;
    }

    /** Answers from the copy that this instance keeps of another's rows. */
    public Result askStandby(Question question) {
        int partition = partitionOf(question.teamId());
        Copy.Look before = held.copy(partition).look();
        if (before == null) {
            return new Result.NotHere("The copy of the team's partition is being restored.");
        }
        return guarded(question, () -> {
            GatheredAnswer answer = question.ask(new ViewReader(rows(partition), space));
            Copy.Look after = held.copy(partition).look();
            if (after == null || after.opening() != before.opening()) {
                closeQuietly(answer);
                return new Result.NotHere(MOVING);
            }
            if (answer == null) {
                // What a copy does not have may be among what it has yet to apply.
                return before.isComplete()
                        ? counted(STANDBY, Meters.From.NONE, new Result.NotFound(new Source.Standby(before.lag())))
                        : new Result.NotHere(
                                "The copy of the team's partition is behind and knows no such period yet.");
            }
            return counted(
                    STANDBY, Meters.From.STORE, new Result.Found(answer, null, new Source.Standby(before.lag())));
        });
    }

    private ReadOnlyKeyValueStore<Bytes, byte[]> rows(int partition) {
        return streams.store(
                StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                        .withPartition(partition)
                        .enableStaleStores());
    }

    private interface Reading {
        Result read() throws IOException;
    }

    private Result guarded(Question question, Reading reading) {
        try {
            return reading.read();
        } catch (InvalidStateStoreException e) {
            LOG.debug("The store of team {} cannot be read", question.teamId(), e);
            return new Result.NotHere(MOVING);
        } catch (IllegalStateException e) {
            if (streams.state().isRunningOrRebalancing()) {
                throw e;
            }
            return new Result.NotHere("This instance is " + streams.state() + ".");
        } catch (IOException e) {
            LOG.error(
                    "An answer of team {} could not be gathered: is there room for temporary files?",
                    question.teamId(),
                    e);
            return new Result.NotReady(FULL);
        }
    }

    private static void closeQuietly(@Nullable Answer answer) {
        try {
            if (answer != null) {
                answer.close();
            }
        } catch (IOException e) {
            LOG.warn("A temporary file could not be closed", e);
        }
    }
}
