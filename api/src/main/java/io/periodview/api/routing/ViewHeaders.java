package io.periodview.api.routing;

import io.periodview.streams.metrics.ServiceMetrics.Role;
import io.periodview.streams.query.ReadSource;
import io.periodview.topics.RecordOffset;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The headers of requests and responses that are this service's own, or mean something to it. */
public final class ViewHeaders {

    public static final String AT_LEAST = "View-At-Least";
    public static final String SOURCE = "View-Source";
    public static final String LAG = "View-Lag";
    public static final String POSITION = "View-Position";
    public static final String PREFER = "Prefer";
    public static final String IF_MATCH = "If-Match";
    public static final String IF_NONE_MATCH = "If-None-Match";

    /** Marks a request that was forwarded; says as what the receiver is asked. */
    public static final String FORWARDED = "View-Forwarded";

    /** The team that a request is forwarded for. The client's key stays where it was checked. */
    public static final String FORWARDED_TEAM = "View-Forwarded-Team";

    /** {@code host:port} of the instance that a forwarded request is for. */
    static final String FORWARDED_TO = "View-Forwarded-To";

    /** Proves that an instance has forwarded the request: see {@link RequestProof}. */
    static final String FORWARDED_PROOF = "View-Forwarded-Proof";

    /** On the response to a forwarded request: see {@link ResponseProof}. */
    public static final String PROOF = "View-Proof";

    /** On the response to a forwarded request: the SHA-256 of its body, in hex. */
    public static final String BODY_SHA256 = "View-Body-SHA256";

    /** On the response to {@code /}: which instance it is. */
    public static final String INSTANCE = "View-Instance";

    private ViewHeaders() {}

    static String value(Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    /** As what another instance asks this one, by its {@link #FORWARDED}; null if the request was not forwarded. */
    public static @Nullable Role forwardedAs(@Nullable String header) {
        if (header == null) {
            return null;
        }
        return header.equals(value(Role.STANDBY)) ? Role.STANDBY : Role.OWNER;
    }

    /** Whose answer it is, and how fresh. */
    public static void write(ReadSource source, BiConsumer<String, String> header) {
        if (source instanceof ReadSource.Standby standby) {
            header.accept(SOURCE, "standby");
            header.accept(LAG, Long.toString(standby.lag()));
            return;
        }
        ReadSource.Owner owner = (ReadSource.Owner) source;
        header.accept(SOURCE, "owner");
        StringBuilder position = new StringBuilder(64);
        owner.position()
                .forEach((topic, offset) -> position.append(position.isEmpty() ? "" : ",")
                        .append(new RecordOffset(topic, owner.partition(), offset)));
        if (!position.isEmpty()) {
            header.accept(POSITION, position.toString());
        }
    }

    public static Map<String, String> of(ReadSource source) {
        Map<String, String> headers = new LinkedHashMap<>();
        write(source, headers::put);
        return headers;
    }
}
