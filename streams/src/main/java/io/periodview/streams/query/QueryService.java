package io.periodview.streams.query;

import static io.periodview.streams.metrics.ServiceMetrics.Role.OWNER;
import static io.periodview.streams.metrics.ServiceMetrics.Role.STANDBY;

import io.periodview.streams.cache.HotPeriod;
import io.periodview.streams.cache.ReadCache;
import io.periodview.streams.memory.HeapBudgets;
import io.periodview.streams.memory.SharedPlaces;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.metrics.ServiceMetrics.ServedFrom;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import io.periodview.streams.response.NoBufferSpaceException;
import io.periodview.streams.response.ResponseBody;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers queries about the teams whose partitions this instance hosts. Thread-safe; nothing of a store is held when a
 * result is handed out.
 *
 * <p>Whether it owns a partition it knows from {@link LocalPartitions}, before and after it reads; Kafka Streams would not
 * let it read while any partition is being moved.
 */
public final class QueryService {

    private static final Logger LOG = LoggerFactory.getLogger(QueryService.class);

    /** A hundred answers of a thousand actions on a heap of a GiB. */
    private static final long MAX_CACHED_BYTES = HeapBudgets.cacheHere();

    private static final int MAX_WAITING = 100;

    private static final String MOVING = "The team's partition is being moved or restored.";

    private final KafkaStreams streams;
    private final StoreReader store;
    private final PartitionLocator locator;
    private final BufferPool buffers;
    private final LocalPartitions partitions;
    private final ServiceMetrics metrics;
    private final ResponseCache responses = new ResponseCache(MAX_CACHED_BYTES);
    private final SharedPlaces waiters = newWaitingPlaces();

    public QueryService(
            KafkaStreams streams,
            String store,
            PartitionLocator locator,
            BufferPool buffers,
            LocalPartitions partitions,
            ServiceMetrics metrics) {
        this.streams = streams;
        this.store = new StoreReader(streams, store, buffers);
        this.locator = locator;
        this.buffers = buffers;
        this.partitions = partitions;
        this.metrics = metrics;
    }

    /** For requests that wait for something: each keeps a thread of the server. */
    public static SharedPlaces newWaitingPlaces() {
        return new SharedPlaces(MAX_WAITING, MAX_WAITING / 5);
    }

    /** Where a team's data is. */
    public PartitionLocator locator() {
        return locator;
    }

    /** Of which an owner knows its position. */
    public Set<String> topics() {
        return partitions.topics();
    }

    /** Where responses are buffered. */
    public BufferPool buffers() {
        return buffers;
    }

    /** Requests that wait for a position now. */
    public int waiting() {
        return waiters.taken();
    }

    /** Bytes of the heap that cached responses take. */
    public long responseCacheBytes() {
        return responses.bytes();
    }

    /** Answers as the owner, whatever its position. */
    public QueryResult askOwner(Query query) {
        return readOwned(query, ReadOptions.NONE);
    }

    /** Answers as the owner, when the position that the client wants is reached. */
    public QueryResult askOwner(Query query, ReadOptions options) throws InterruptedException {
        if (options.atLeast().isEmpty()) {
            return readOwned(query, options);
        }
        OwnedPartition owned = partitions.owned(locator.partitionOf(query.teamId()));
        if (owned == null) {
            return new QueryResult.NotHosted(MOVING);
        }
        if (!owned.offsets().await(options.atLeast(), Duration.ZERO)) {
            try (SharedPlaces.Place place = waiters.tryEnter(query.teamId())) {
                if (place == null) {
                    return new QueryResult.NotReady("Too many readers of the team wait for a position; ask again.");
                }
                if (!isReached(owned, options)) {
                    return owned.isOwnershipConfirmed()
                            ? new QueryResult.NotReady("The position that View-At-Least names is not reached yet.")
                            : new QueryResult.NotHosted(MOVING);
                }
            }
        }
        QueryResult result = readOwned(query, options);
        if (owned.isOwnershipConfirmed()) {
            return result;
        }
        // Another owner since then may be behind what this one had reached.
        if (result instanceof QueryResult.Found found) {
            closeQuietly(found.body());
        }
        return new QueryResult.NotHosted(MOVING);
    }

    private boolean isReached(OwnedPartition owned, ReadOptions options) throws InterruptedException {
        long begin = System.nanoTime();
        boolean reached = owned.offsets().await(options.atLeast(), options.timeout());
        ServiceMetrics.Wait outcome = reached
                ? ServiceMetrics.Wait.REACHED
                : owned.isOwnershipConfirmed() ? ServiceMetrics.Wait.LATE : ServiceMetrics.Wait.MOVED;
        metrics.waited(outcome, System.nanoTime() - begin);
        return reached;
    }

    private QueryResult readOwned(Query query, ReadOptions options) {
        OwnedPartition owned = partitions.owned(locator.partitionOf(query.teamId()));
        if (owned == null) {
            return new QueryResult.NotHosted(MOVING);
        }
        // What is read after these is newer: all of the position is in the answer.
        ReadSource source =
                new ReadSource.Owner(owned.partition(), owned.offsets().current());
        ReadCache.Entry entry = entry(query, owned.cache());
        String version = owned.ownershipNonce() + "-" + entry.version();
        if (options.knownVersions().contains(version)) {
            return owned.isOwnershipConfirmed()
                    ? counted(OWNER, ServedFrom.NOT_MODIFIED, new QueryResult.NotModified(version, source))
                    : new QueryResult.NotHosted(MOVING);
        }
        ResponseBody cached = responses.get(query, version);
        if (cached != null) {
            return owned.isOwnershipConfirmed()
                    ? counted(OWNER, ServedFrom.RESPONSE_CACHE, new QueryResult.Found(cached, version, source))
                    : new QueryResult.NotHosted(MOVING);
        }
        HotPeriod.Snapshot hot = isWithFormFields(query) ? null : entry.rows();
        return guarded(query, () -> {
            BufferedBody body = hot == null
                    ? store.read(query, owned.partition(), owned.cache(), entry.version())
                    : ViewReader.actions(buffers.forRequestOf(query.teamId()), ((Query.Actions) query).periodId(), hot);
            if (!owned.isOwnershipConfirmed()) {
                closeQuietly(body);
                return new QueryResult.NotHosted(MOVING);
            }
            if (body == null) {
                Query.Actions unknown = (Query.Actions) query; // a team without periods has a list of none
                owned.cache().forget(unknown.teamId(), unknown.periodId(), entry.version());
                return counted(OWNER, ServedFrom.NOT_FOUND, new QueryResult.NotFound(source));
            }
            responses.offer(query, version, body);
            return counted(
                    OWNER,
                    hot == null ? ServedFrom.ROCKSDB : ServedFrom.ROW_CACHE,
                    new QueryResult.Found(body, version, source));
        });
    }

    private static ReadCache.Entry entry(Query query, ReadCache cache) {
        return query instanceof Query.Actions actions
                ? cache.period(actions.teamId(), actions.periodId(), actions.formFields() == null)
                : cache.periods(query.teamId());
    }

    private static boolean isWithFormFields(Query query) {
        return query instanceof Query.Actions actions && actions.formFields() != null;
    }

    /** It may still turn out that the partition has moved meanwhile; it counts all the same. */
    private QueryResult counted(ServiceMetrics.Role role, ServedFrom from, QueryResult result) {
        metrics.answered(
                role,
                from,
                result instanceof QueryResult.Found found ? found.body().rows() : 0);
        return result;
    }

    /** Answers from rows that may be old: the standby's of another's partition, or an owner's that no broker answers. */
    public QueryResult askStandby(Query query) {
        int partition = locator.partitionOf(query.teamId());
        StandbyRows rows = StandbyRows.of(partition, partitions);
        if (rows == null) {
            return new QueryResult.NotHosted("The standby of the team's partition is being restored.");
        }
        return guarded(query, () -> {
            BufferedBody body = store.read(query, partition, null, 0);
            if (!rows.areStillThere().getAsBoolean()) {
                closeQuietly(body);
                return new QueryResult.NotHosted(MOVING);
            }
            ReadSource source = new ReadSource.Standby(rows.lag());
            if (body == null) {
                // What a standby does not have may be among what it has yet to apply.
                return rows.isComplete()
                        ? counted(STANDBY, ServedFrom.NOT_FOUND, new QueryResult.NotFound(source))
                        : new QueryResult.NotHosted(
                                "The standby of the team's partition lags behind and knows no such period yet.");
            }
            return counted(STANDBY, ServedFrom.ROCKSDB, new QueryResult.Found(body, null, source));
        });
    }

    private interface Reading {
        QueryResult read() throws IOException;
    }

    private QueryResult guarded(Query query, Reading reading) {
        try {
            return reading.read();
        } catch (InvalidStateStoreException e) {
            LOG.debug("The store of team {} cannot be read", query.teamId(), e);
            return new QueryResult.NotHosted(MOVING);
        } catch (IllegalStateException e) {
            if (streams.state().isRunningOrRebalancing()) {
                throw e;
            }
            return new QueryResult.NotHosted("This instance is " + streams.state() + ".");
        } catch (NoBufferSpaceException e) {
            if (e.isLimit()) {
                LOG.debug("A response for team {} is refused: {}", query.teamId(), e.getMessage());
            } else {
                LOG.error(
                        "A response for team {} could not be buffered: is there room for temporary files?",
                        query.teamId(),
                        e);
            }
            return new QueryResult.NotReady("There is no room for the response: too many large ones are being sent.");
        } catch (IOException e) {
            LOG.error(
                    "A response for team {} could not be buffered: is there room for temporary files?",
                    query.teamId(),
                    e);
            return new QueryResult.NotReady("The response could not be buffered.");
        }
    }

    private static void closeQuietly(@Nullable ResponseBody body) {
        try {
            if (body != null) {
                body.close();
            }
        } catch (IOException e) {
            LOG.warn("A temporary file could not be closed", e);
        }
    }
}
