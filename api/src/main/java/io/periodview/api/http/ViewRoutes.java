package io.periodview.api.http;

import io.javalin.http.Context;
import io.periodview.streams.PeriodViewService;
import io.periodview.streams.view.Answer;
import io.periodview.streams.view.FormFields;
import io.periodview.streams.view.Result;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two questions, from a request to its answer. Thread-safe. */
final class ViewRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(ViewRoutes.class);

    static final String PERIODS = "/periods";
    static final String ACTIONS = "/periods/{period_id}/actions";

    /** Below this an answer fits into a packet or two, and compressing it gains nothing. */
    private static final int SMALLEST_GZIP = 1_024;

    private static final List<String> PASSED_BACK =
            List.of("Content-Type", "Content-Encoding", "Cache-Control", "Vary", "WWW-Authenticate", "Retry-After");

    private final Supplier<@Nullable PeriodViewService> service;
    private final Forwarder forwarder = new Forwarder();

    /** @param service null as long as it is starting */
    ViewRoutes(Supplier<@Nullable PeriodViewService> service) {
        this.service = service;
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
        Query query = new Query(ctx.queryString());
        answer(ctx, service().view().periods(team, query.date("start_date"), query.date("end_date")));
    }

    void actions(Context ctx) throws IOException, InterruptedException {
        long team = team(ctx);
        long periodId = PathIds.period(ctx.pathParam("period_id"));
        List<String> formFields = new Query(ctx.queryString()).formFields();
        answer(ctx, service().view().actions(team, periodId, formFields == null ? null : new FormFields(formFields)));
    }

    private long team(Context ctx) {
        String key = BearerKey.of(ctx.req().getHeaders("Authorization"));
        try {
            OptionalLong team = service().keys().teamOf(key);
            if (team.isEmpty()) {
                throw ApiError.unauthorized("The API key is unknown, revoked or expired.");
            }
            RequestLog.team(ctx, team.getAsLong());
            return team.getAsLong();
        } catch (InvalidStateStoreException e) {
            throw ApiError.unavailable("This instance is stopping.");
        }
    }

    private void answer(Context ctx, Result result) throws IOException, InterruptedException {
        if (result instanceof Result.Found found) {
            try (Answer answer = found.answer()) {
                RequestLog.rows(ctx, answer.rows());
                send(ctx, answer);
            }
        } else if (result instanceof Result.NotFound) {
            throw ApiError.notFound("Period not found");
        } else if (result instanceof Result.Elsewhere elsewhere) {
            forward(ctx, elsewhere.host());
        } else if (result instanceof Result.NotReady notReady) {
            throw ApiError.unavailable(notReady.why());
        }
    }

    private static void send(Context ctx, Answer answer) throws IOException {
        if (answer.length() < SMALLEST_GZIP || !Encoding.isGzipWanted(ctx.req().getHeaders("Accept-Encoding"))) {
            send(ctx, answer, false);
            return;
        }
        try (Answer gzipped = gzipped(answer)) {
            send(ctx, gzipped, true);
        }
    }

    private static Answer gzipped(Answer answer) {
        try {
            return answer.gzipped();
        } catch (IOException e) {
            LOG.error("An answer could not be compressed: is there room for temporary files?", e);
            throw ApiError.unavailable("The answer could not be gathered.");
        }
    }

    private static void send(Context ctx, Answer answer, boolean gzipped) throws IOException {
        HttpServletResponse response = ctx.res();
        response.setStatus(200);
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("Vary", "Authorization, Accept-Encoding");
        if (gzipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLengthLong(answer.length());
        write(ctx, answer);
    }

    private static void write(Context ctx, Answer answer) throws IOException {
        if (!ctx.req().getMethod().equals("HEAD")) {
            answer.writeTo(ctx.res().getOutputStream());
        }
    }

    private void forward(Context ctx, HostInfo host) throws IOException, InterruptedException {
        if (ctx.header(Forwarder.MARK) != null) {
            throw ApiError.misdirected();
        }
        HttpResponse<InputStream> answer = forwarder.ask(host, ctx.req());
        try (InputStream body = answer.body()) {
            HttpServletResponse response = ctx.res();
            response.setStatus(answer.statusCode());
            for (String name : PASSED_BACK) {
                answer.headers().firstValue(name).ifPresent(value -> response.setHeader(name, value));
            }
            // The length tells the reader if the other breaks off midway.
            answer.headers().firstValueAsLong("Content-Length").ifPresent(response::setContentLengthLong);
            if (!ctx.req().getMethod().equals("HEAD")) {
                StalledBody.copy(body, response.getOutputStream());
            }
        }
    }
}
