package io.periodview.api.http;

import io.javalin.http.Context;
import io.periodview.api.routing.ForwardedRequests;
import io.periodview.api.routing.QueryRouter;
import io.periodview.api.routing.ViewHeaders;
import io.periodview.streams.metrics.ServiceMetrics.Role;
import io.periodview.streams.query.FormFieldSelection;
import io.periodview.streams.query.Query;
import io.periodview.streams.query.QueryResult;
import io.periodview.streams.query.QueryService;
import io.periodview.streams.query.ReadOptions;
import io.periodview.topics.ApiKey;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** The two queries, from a request to the response. Thread-safe. */
final class ViewRoutes {

    static final String PERIODS = "/periods";
    static final String ACTIONS = "/periods/{period_id}/actions";

    private final StartedService service;
    private final QueryRouter router;
    private final ForwardedRequests forwarded;

    ViewRoutes(StartedService service, QueryRouter router, ForwardedRequests forwarded) {
        this.service = service;
        this.router = router;
        this.forwarded = forwarded;
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
        return ForwardedRequests.hasProof(ctx.req()) ? provenTeam(ctx) : teamOfKey(ctx);
    }

    /** The team for which another instance has checked a client's key. */
    private long provenTeam(Context ctx) {
        ForwardedRequests.Outcome outcome = forwarded.check(
                ctx.req(), service.orUnavailable().queries().locator().self());
        if (outcome instanceof ForwardedRequests.Outcome.Proven proven) {
            AnswerProof.expect(ctx, proven.answer());
            AccessLog.team(ctx, proven.team());
            return proven.team();
        }
        if (outcome instanceof ForwardedRequests.Outcome.Refused refused) {
            throw ApiError.unauthorized(refused.why());
        }
        throw ApiError.misdirected();
    }

    private long teamOfKey(Context ctx) {
        String key = BearerToken.of(ctx.req().getHeaders("Authorization"));
        try {
            ApiKey known = service.orUnavailable().keys().authenticate(key);
            if (known == null) {
                throw ApiError.unauthorized("The API key is unknown, revoked or expired.");
            }
            AccessLog.team(ctx, known.teamId());
            AccessLog.key(ctx, known.name());
            return known.teamId();
        } catch (InvalidStateStoreException e) {
            throw ApiError.unavailable("This instance is stopping.");
        }
    }

    private void answer(Context ctx, Query query) throws IOException, InterruptedException {
        QueryService queries = service.orUnavailable().queries();
        ResponseWriter response = new ResponseWriter(ctx); // also a 404 may be cached, and is not for another key
        ReadOptions options = ReadOptionsParser.parse(
                ctx.req()::getHeaders, queries.locator().partitionOf(query.teamId()), queries.topics());
        Role forwardedAs = ViewHeaders.forwardedAs(ctx.header(ViewHeaders.FORWARDED));
        if (forwardedAs == null && QueryRouter.forwardedHead(ctx.req()) > HttpLimits.HEAD_BYTES) {
            throw ApiError.uriTooLong("URI Too Long");
        }
        if (forwardedAs != null) {
            QueryResult result =
                    forwardedAs == Role.OWNER ? queries.askOwner(query, options) : queries.askStandby(query);
            response.write(result, options);
            return;
        }
        QueryRouter.Outcome outcome = router.route(queries, query, options, ctx.req());
        if (outcome instanceof QueryRouter.Outcome.Local local) {
            response.write(local.result(), options);
        } else if (outcome instanceof QueryRouter.Outcome.Remote remote) {
            response.write(remote.response());
        } else if (outcome instanceof QueryRouter.Outcome.Unavailable unavailable) {
            throw ApiError.unavailable(unavailable.why());
        }
    }
}
