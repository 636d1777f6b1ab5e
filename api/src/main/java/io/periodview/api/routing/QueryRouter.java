package io.periodview.api.routing;

import io.periodview.api.metrics.HttpMetrics;
import io.periodview.streams.memory.SharedPlaces;
import io.periodview.streams.metrics.ServiceMetrics.Role;
import io.periodview.streams.query.PartitionHosts;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.query.QueryService;
import io.periodview.streams.query.ReadOptions;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.NoBufferSpaceException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which instance answers a query: the owner of the team's partition, else a standby, this instance's own before others; and
 * while nobody hosts it, it waits. Thread-safe.
 */
public final class QueryRouter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(QueryRouter.class);

    /** A partition that moves is nowhere for as long as a rebalance and the end of a restore take. */
    private static final Duration MOVE_TIMEOUT = Duration.ofSeconds(5);

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private static final String MOVING =
            "No instance can answer for the team now: its partition is being moved, restored or built, or waits for an"
                    + " operator.";

    private static final String NO_SECRET =
            "Another instance has the team's data, and this one was started without --instance-secret-file: it asks no"
                    + " other instance.";

    private static final String NOT_REACHED =
            "The position that View-At-Least names is not reached yet, or nobody owns the team's partition now.";

    private final PeerClient peers = new PeerClient();
    private final SharedPlaces waiters = QueryService.newWaitingPlaces();
    /** Null if this instance has no secret: then it asks no other. */
    private final @Nullable Forwarder forwarder;

    private final AtomicBoolean isMissingSecretLogged = new AtomicBoolean();

    /** Where the answer came from. */
    public sealed interface Outcome {

        /** This instance's own; never {@link QueryResult.NotHosted}. */
        record Local(QueryResult result) implements Outcome {}

        /** Another instance's; to be closed. */
        record Remote(ForwardedResponse response) implements Outcome {}

        /**
         * There is none for now.
         *
         * @param why one line for a person
         */
        record Unavailable(String why) implements Outcome {}
    }

    /**
     * @param secret of the service's instances, null if this one has none
     * @param metrics count what is forwarded
     */
    public QueryRouter(@Nullable InstanceSecret secret, HttpMetrics metrics) {
        this.forwarder = secret == null ? null : new Forwarder(peers, secret, metrics);
    }

    /** Requests that wait for a partition that nobody hosts. */
    public int waiting() {
        return waiters.taken();
    }

    /** Other instances that are skipped until they answer a ping. */
    public int unresponsivePeers() {
        return peers.unresponsive();
    }

    /** How long a request's head gets when it is forwarded. It must fit wherever the team's data is. */
    public static int forwardedHead(HttpServletRequest request) {
        return Forwarder.forwardedHead(request);
    }

    /** @param request what is forwarded, if another instance is to answer */
    public Outcome route(QueryService queries, Query query, ReadOptions options, HttpServletRequest request)
            throws IOException, InterruptedException {
        Duration timeout = options.atLeast().isEmpty() ? MOVE_TIMEOUT : options.timeout();
        Attempt attempt = new Attempt(queries, query, options, request, System.nanoTime() + timeout.toNanos());
        try {
            Outcome outcome = attempt.run(false);
            return outcome == null ? retry(attempt) : outcome;
        } catch (NoBufferSpaceException e) {
            return new Outcome.Unavailable("The response could not be buffered.");
        }
    }

    /** Nobody hosts the partition: it is on its way from one instance to another. */
    private Outcome retry(Attempt attempt) throws IOException, InterruptedException {
        try (SharedPlaces.Place place = waiters.tryEnter(attempt.query.teamId())) {
            if (place == null) {
                return new Outcome.Unavailable(MOVING);
            }
            while (System.nanoTime() - attempt.deadline <= 0) {
                TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
                Outcome outcome = attempt.run(true);
                if (outcome != null) {
                    return outcome;
                }
            }
            return new Outcome.Unavailable(attempt.options.atLeast().isEmpty() ? MOVING : NOT_REACHED);
        }
    }

    @Override
    public void close() {
        peers.close();
    }

    /** One request's way through the candidates. */
    private final class Attempt {

        private final QueryService queries;
        private final Query query;
        private final ReadOptions options;
        private final Forwarder.Asked asked;
        private final long deadline;

        Attempt(QueryService queries, Query query, ReadOptions options, HttpServletRequest request, long deadline) {
            this.queries = queries;
            this.query = query;
            this.options = options;
            this.asked = new Forwarder.Asked(request, query.teamId());
            this.deadline = deadline;
        }

        /**
         * Asks all candidates once; null if none can answer.
         *
         * @param mayWait whether another owner may take its time to reach a position, which keeps a thread here as well
         */
        @Nullable
        Outcome run(boolean mayWait) throws IOException, InterruptedException {
            QueryResult own = queries.askOwner(query, options.withTimeout(remaining()));
            if (!(own instanceof QueryResult.NotHosted)) {
                return new Outcome.Local(own);
            }
            PartitionHosts hosts = queries.locator().hosts(query.teamId());
            if (forwarder == null) {
                return withoutOthers(hosts);
            }
            for (HostInfo owner : possibleOwners(hosts)) {
                ForwardedResponse response = askOwner(forwarder, owner, mayWait);
                if (response != null) {
                    return new Outcome.Remote(response);
                }
            }
            return options.isForOwner() ? null : askStandbys(forwarder, hosts);
        }

        /** This instance's own standby, or the reason why no other instance is asked. */
        private @Nullable Outcome withoutOthers(@Nullable PartitionHosts hosts)
                throws IOException, InterruptedException {
            if (!options.isForOwner()) {
                QueryResult own = queries.askStandby(query);
                if (!(own instanceof QueryResult.NotHosted)) {
                    return new Outcome.Local(own);
                }
            }
            if (hosts == null || !isOwnedElsewhere(hosts)) {
                return null;
            }
            if (isMissingSecretLogged.compareAndSet(false, true)) {
                LOG.error("{} Give all instances the same file, and restart them.", NO_SECRET);
            }
            return new Outcome.Unavailable(NO_SECRET);
        }

        /** An owner that is cut off does not hear that one of its standbys has taken over. */
        private List<HostInfo> possibleOwners(@Nullable PartitionHosts hosts) {
            return hosts == null ? List.of() : isOwnedElsewhere(hosts) ? List.of(hosts.owner()) : hosts.standbys();
        }

        private boolean isOwnedElsewhere(PartitionHosts hosts) {
            return !queries.locator().isSelf(hosts.owner());
        }

        private @Nullable ForwardedResponse askOwner(Forwarder forwarder, HostInfo owner, boolean mayWait)
                throws IOException, InterruptedException {
            boolean waits = mayWait && !options.atLeast().isEmpty();
            ForwardedResponse response =
                    forwarder.ask(owner, Role.OWNER, asked, waits ? remaining() : Duration.ZERO, buffers());
            if (response != null && response.status() == 503 && !mayWait) {
                response.close(); // not there yet; it is asked again by a request that may wait
                return null;
            }
            return response;
        }

        /** An owner that is cut off answers as a standby does. */
        private @Nullable Outcome askStandbys(Forwarder forwarder, @Nullable PartitionHosts hosts)
                throws IOException, InterruptedException {
            QueryResult own = queries.askStandby(query);
            if (!(own instanceof QueryResult.NotHosted)) {
                return new Outcome.Local(own);
            }
            List<HostInfo> others = new ArrayList<>(hosts == null ? List.of() : hosts.standbys());
            if (hosts != null && isOwnedElsewhere(hosts)) {
                others.add(hosts.owner());
            }
            for (HostInfo standby : others) {
                ForwardedResponse response = forwarder.ask(standby, Role.STANDBY, asked, Duration.ZERO, buffers());
                if (response != null) {
                    return new Outcome.Remote(response);
                }
            }
            return null;
        }

        private BufferPool buffers() {
            return queries.buffers().forRequestOf(query.teamId());
        }

        private Duration remaining() {
            return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        }
    }
}
