package io.periodview.api.http;

import io.periodview.api.routing.Forwarder;
import io.periodview.api.routing.PeerClient;

import io.javalin.http.Context;
import io.periodview.api.metrics.HttpMeters;
import io.periodview.streams.PeriodViewService;
import io.periodview.streams.response.ResponseBody;
import io.periodview.streams.query.FormFieldSelection;
import io.periodview.streams.query.PartitionHosts;
import io.periodview.streams.query.QueryService;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.query.ReadSource;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two questions, from a request to its answer: here, from the owner, or from a standby. Thread-safe. */
final class ViewRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ViewRoutes.class);

    static final String PERIODS = "/periods";
    static final String ACTIONS = "/periods/{period_id}/actions";

    /** Below this an answer fits into a packet or two, and compressing it gains nothing. */
    private static final int MIN_GZIP_BYTES = 1_024;

    /** With a partition that nobody holds, while it moves: it comes with a rebalance and the end of a restoration. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Requests that wait for that; each keeps a thread of the server. */
    private static final int MAX_WAITING = 100;

    private static final String MOVING =
            "No instance can answer for the team now: its partition is being moved or restored.";

    private static final Duration RETRY_INTERVAL = Duration.ofMillis(50);

    private static final List<String> PASSED_BACK = List.of(
            "Content-Type",
            "Content-Encoding",
            "Cache-Control",
            "ETag",
            "Vary",
            "View-Lag",
            "View-Position",
            "View-Source",
            "WWW-Authenticate",
            "Retry-After");

    private static final String NOT_REACHED =
            "The position that View-At-Least names is not reached yet, or nobody owns the team's partition now.";

    private final Supplier<@Nullable PeriodViewService> service;
    private final PeerClient peers = new PeerClient();
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    private final HttpMeters meters;

    /**
     * @param service null as long as it is starting
     * @param meters are told of what is sent on
     */
    ViewRoutes(Supplier<@Nullable PeriodViewService> service, HttpMeters meters) {
        this.service = service;
        this.meters = meters;
    }

    /** Requests that wait for a partition that nobody holds. */
    int waiting() {
        return MAX_WAITING - waiting.availablePermits();
    }

    int silentInstances() {
        return peers.silent();
    }

    private PeriodViewService service() {
        PeriodViewService started = service.get();
        if (started == null) {
            throw ApiError.unavailable("This instance is starting.");
        }
        return started;
    }

    void periods(Context ctx) throws IOException, InterruptedException {
        long team = team(ctx);
        QueryParameters query = new QueryParameters(ctx.queryString());
        answer(ctx, new Query.Periods(team, query.date("start_date"), query.date("end_date")));
    }

    void actions(Context ctx) throws IOException, InterruptedException {
        long team = team(ctx);
        long periodId = PathIds.period(ctx.pathParam("period_id"));
        List<String> formFields = new QueryParameters(ctx.queryString()).formFields();
        answer(ctx, new Query.Actions(team, periodId, formFields == null ? null : new FormFieldSelection(formFields)));
    }

    private long team(Context ctx) {
        String key = BearerToken.of(ctx.req().getHeaders("Authorization"));
        try {
            OptionalLong team = service().keys().teamOf(key);
            if (team.isEmpty()) {
                throw ApiError.unauthorized("The API key is unknown, revoked or expired.");
            }
            AccessLog.team(ctx, team.getAsLong());
            return team.getAsLong();
        } catch (InvalidStateStoreException e) {
            throw ApiError.unavailable("This instance is stopping.");
        }
    }

    private void answer(Context ctx, Query question) throws IOException, InterruptedException {
        QueryService view = service().view();
        setCaching(ctx.res()); // also a 404 may be kept, and is not for another key
        ReadOptionsParser wishes =
                ReadOptionsParser.of(ctx.req()::getHeaders, view.partitionOf(question.teamId()), view.topics());
        Forwarder.As as = Forwarder.As.of(ctx.header(Forwarder.MARK));
        if (as != null) {
            QueryResult result = as == Forwarder.As.OWNER
                    ? view.ask(question, wishes.conditions(wishes.patience()))
                    : view.askStandby(question);
            if (!answer(ctx, wishes, result)) {
                throw ApiError.misdirected();
            }
            return;
        }
        Duration patience = wishes.atLeast().isEmpty() ? PATIENCE : wishes.patience();
        long deadline = System.nanoTime() + patience.toNanos();
        if (!answerFromAny(ctx, view, question, wishes, deadline, false)) {
            awaitAnswer(ctx, view, question, wishes, deadline);
        }
    }

    /** Nobody holds the partition: it is on its way from one instance to another. */
    private void awaitAnswer(Context ctx, QueryService view, Query question, ReadOptionsParser wishes, long deadline)
            throws IOException, InterruptedException {
        if (!waiting.tryAcquire()) {
            throw ApiError.unavailable(MOVING);
        }
        try {
            do {
                if (System.nanoTime() - deadline > 0) {
                    throw ApiError.unavailable(wishes.atLeast().isEmpty() ? MOVING : NOT_REACHED);
                }
                TimeUnit.NANOSECONDS.sleep(RETRY_INTERVAL.toNanos());
            } while (!answerFromAny(ctx, view, question, wishes, deadline, true));
        } finally {
            waiting.release();
        }
    }

    /**
     * The owner first, then whoever has a copy, this instance before others.
     *
     * @param mayWait whether another owner may take its time to reach a position, which keeps a thread here as well
     */
    private boolean answerFromAny(
            Context ctx, QueryService view, Query question, ReadOptionsParser wishes, long deadline, boolean mayWait)
            throws IOException, InterruptedException {
        if (answer(ctx, wishes, view.ask(question, wishes.conditions(left(deadline))))) {
            return true;
        }
        Forwarder forwarder = new Forwarder(peers, view.space(), meters);
        PartitionHosts holders = view.holders(question.teamId());
        if (holders != null && !view.isSelf(holders.owner())) {
            boolean waits = mayWait && !wishes.atLeast().isEmpty();
            Forwarder.Reply reply = forwarder.ask(
                    holders.owner(), Forwarder.As.OWNER, ctx.req(), waits ? left(deadline) : Duration.ZERO);
            if (reply != null && reply.status() == 503 && !mayWait) {
                reply.close(); // not there yet; it is asked again by one of those who wait
            } else if (pass(ctx, reply)) {
                return true;
            }
        }
        if (wishes.isForOwner()) {
            return false;
        }
        if (answer(ctx, wishes, view.askStandby(question))) {
            return true;
        }
        for (HostInfo standby : holders == null ? List.<HostInfo>of() : holders.standbys()) {
            if (pass(ctx, forwarder.ask(standby, Forwarder.As.STANDBY, ctx.req(), Duration.ZERO))) {
                return true;
            }
        }
        return false;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    /** Answers if this instance can. */
    private static boolean answer(Context ctx, ReadOptionsParser wishes, QueryResult result) throws IOException {
        if (result instanceof QueryResult.Found found) {
            try (ResponseBody answer = found.answer()) {
                HttpServletResponse response = ctx.res();
                tell(response::setHeader, found.source());
                if (found.version() != null) {
                    response.setHeader("ETag", "W/\"" + found.version() + "\"");
                }
                if (wishes.anyKnown()) {
                    notModified(ctx);
                } else {
                    AccessLog.rows(ctx, answer.rows());
                    send(ctx, answer);
                }
            }
        } else if (result instanceof QueryResult.NotModified same) {
            tell(ctx.res()::setHeader, same.source());
            ctx.res().setHeader("ETag", "W/\"" + same.version() + "\"");
            notModified(ctx);
        } else if (result instanceof QueryResult.NotFound none) {
            throw ApiError.notFound("Period not found", sourceHeaders(none.source()));
        } else if (result instanceof QueryResult.NotReady notReady) {
            throw ApiError.unavailable(notReady.why(), Map.of("View-Source", "owner"));
        } else {
            return false;
        }
        return true;
    }

    /** Whose answer it is, and how fresh. */
    private static void tell(BiConsumer<String, String> header, ReadSource source) {
        if (source instanceof ReadSource.Standby standby) {
            header.accept("View-Source", "standby");
            header.accept("View-Lag", Long.toString(standby.lag()));
            return;
        }
        ReadSource.Owner owner = (ReadSource.Owner) source;
        header.accept("View-Source", "owner");
        StringBuilder position = new StringBuilder(64);
        owner.position()
                .forEach((topic, offset) -> position.append(position.isEmpty() ? "" : ",")
                        .append(topic)
                        .append('-')
                        .append(owner.partition())
                        .append('@')
                        .append(offset.longValue()));
        if (!position.isEmpty()) {
            header.accept("View-Position", position.toString());
        }
    }

    private static Map<String, String> sourceHeaders(ReadSource source) {
        Map<String, String> headers = new LinkedHashMap<>();
        tell(headers::put, source);
        return headers;
    }

    private static void notModified(Context ctx) {
        ctx.res().setContentType("application/json"); // else it would be the server's default
        ctx.res().setStatus(304);
    }

    private static void setCaching(HttpServletResponse response) {
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Vary", "Authorization, Accept-Encoding");
    }

    private static void send(Context ctx, ResponseBody answer) throws IOException {
        if (answer.length() < MIN_GZIP_BYTES || !AcceptEncoding.isGzipWanted(ctx.req().getHeaders("Accept-Encoding"))) {
            send(ctx, answer, false);
            return;
        }
        try (ResponseBody gzipped = gzipped(answer)) {
            send(ctx, gzipped, true);
        }
    }

    private static ResponseBody gzipped(ResponseBody answer) {
        try {
            return answer.gzipped();
        } catch (IOException e) {
            LOG.error("An answer could not be compressed: is there room for temporary files?", e);
            throw ApiError.unavailable("The answer could not be gathered.");
        }
    }

    private static void send(Context ctx, ResponseBody answer, boolean gzipped) throws IOException {
        HttpServletResponse response = ctx.res();
        response.setStatus(200);
        response.setContentType("application/json");
        if (gzipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLengthLong(answer.length());
        write(ctx, answer);
    }

    private static void write(Context ctx, ResponseBody answer) throws IOException {
        if (!ctx.req().getMethod().equals("HEAD")) {
            answer.writeTo(ctx.res().getOutputStream());
        }
    }

    /** Passes on what another instance said, if it said anything. */
    private static boolean pass(Context ctx, Forwarder.@Nullable Reply reply) throws IOException {
        if (reply == null) {
            return false;
        }
        try (reply) {
            HttpServletResponse response = ctx.res();
            response.setStatus(reply.status());
            for (String name : PASSED_BACK) {
                reply.headers().firstValue(name).ifPresent(value -> response.setHeader(name, value));
            }
            if (reply.status() != 304) {
                reply.headers().firstValueAsLong("Content-Length").ifPresent(response::setContentLengthLong);
                write(ctx, reply.body());
            }
            return true;
        }
    }

    @Override
    public void close() {
        peers.close();
    }
}
