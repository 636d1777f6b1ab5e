package io.periodview.api.routing;

import io.periodview.streams.metrics.ServiceMetrics.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that requests that claim to be forwarded come from an instance of the service. Thread-safe. */
public final class ForwardedRequests {

    private static final Logger LOG = LoggerFactory.getLogger(ForwardedRequests.class);

    /** Anybody can send wrong proofs, as many as they like. */
    private static final long LOG_INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final @Nullable InstanceSecret secret;
    private final AtomicLong nextLine = new AtomicLong(System.nanoTime());

    /** What a proof was worth. */
    public sealed interface Outcome {

        /**
         * Another instance asks, and has checked the client's key.
         *
         * @param team of that key
         * @param as what this instance is asked
         * @param answer proves to the other who answers
         */
        record Proven(long team, Role as, ResponseProof answer) implements Outcome {}

        /** The proof is right, and is for an instance at another address. */
        record Misdirected() implements Outcome {}

        /** @param why one line for a person */
        record Refused(String why) implements Outcome {}
    }

    /** @param secret null if this instance has none: it takes no forwarded requests then */
    public ForwardedRequests(@Nullable InstanceSecret secret) {
        this.secret = secret;
    }

    /** Whether a request has a proof, right or wrong, and is to be checked here in place of a key. */
    public static boolean hasProof(HttpServletRequest request) {
        return request.getHeader(ViewHeaders.FORWARDED_PROOF) != null;
    }

    /** @param self where other instances reach this one */
    public Outcome check(HttpServletRequest request, HostInfo self) {
        Outcome outcome = outcome(request, self);
        if (!(outcome instanceof Outcome.Proven)) {
            logSeldom(request, outcome);
        }
        return outcome;
    }

    private Outcome outcome(HttpServletRequest request, HostInfo self) {
        if (secret == null) {
            return new Outcome.Refused("This instance has no instance secret: it takes no forwarded requests.");
        }
        RequestProof proof = RequestProof.parse(request.getHeader(ViewHeaders.FORWARDED_PROOF));
        String receiver = request.getHeader(ViewHeaders.FORWARDED_TO);
        RequestProof.Content content = new RequestProof.Content(
                receiver == null ? "" : receiver,
                request.getMethod(),
                target(request.getRequestURI(), request.getQueryString()),
                name -> values(request.getHeaders(name)));
        if (proof == null || !proof.isOf(secret, content)) {
            return new Outcome.Refused("The proof of this forwarded request is not one of this service's instances.");
        }
        if (!proof.isCurrent(System.currentTimeMillis())) {
            return new Outcome.Refused("The proof of this forwarded request is more than "
                    + RequestProof.MAX_AGE_MILLIS / 1_000 + " s away from this instance's clock.");
        }
        if (!content.receiver().equals(address(self))) {
            return new Outcome.Misdirected();
        }
        Role as = ViewHeaders.forwardedAs(request.getHeader(ViewHeaders.FORWARDED));
        return new Outcome.Proven(
                Long.parseLong(request.getHeader(ViewHeaders.FORWARDED_TEAM)),
                as == null ? Role.OWNER : as,
                new ResponseProof(secret, proof.hmac()));
    }

    private void logSeldom(HttpServletRequest request, Outcome outcome) {
        long now = System.nanoTime();
        long due = nextLine.get();
        if (now - due >= 0 && nextLine.compareAndSet(due, now + LOG_INTERVAL_NANOS)) {
            LOG.warn(
                    "A forwarded request from {} is refused: {} Others within a minute are not logged.",
                    request.getRemoteAddr(),
                    outcome instanceof Outcome.Refused refused
                            ? refused.why()
                            : "It is for another instance; does --advertise lead here for two of them?");
        }
    }

    private static List<String> values(@Nullable Enumeration<String> headers) {
        return headers == null ? List.of() : Collections.list(headers);
    }

    static String address(HostInfo host) {
        return host.host() + ":" + host.port();
    }

    /** Path and query as they stand in a request's first line; an empty query is none. */
    static String target(String path, @Nullable String query) {
        return query == null || query.isEmpty() ? path : path + "?" + query;
    }
}
