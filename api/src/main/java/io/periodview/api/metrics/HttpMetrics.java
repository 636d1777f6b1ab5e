package io.periodview.api.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the API by method, route and status. A request costs a look into an array and four additions; what a
 * client makes up, such as paths and methods, makes no new meters. Thread-safe.
 */
public final class HttpMetrics {

    private static final int STATUSES = 600;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofNanos(2_500_000),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
    };

    /** What is asked. */
    public enum Route {
        PERIODS("/periods"),
        ACTIONS("/periods/{period_id}/actions"),
        OTHER("other");

        private final String label;

        Route(String label) {
            this.label = label;
        }

        /** Of any path. */
        public static Route of(String path) {
            if (path.equals(PERIODS.label)) {
                return PERIODS;
            }
            String start = "/periods/";
            String end = "/actions";
            int idEnd = path.length() - end.length();
            boolean isActions = path.startsWith(start)
                    && path.endsWith(end)
                    && idEnd > start.length()
                    && path.indexOf('/', start.length()) == idEnd;
            return isActions ? ACTIONS : OTHER;
        }
    }

    private enum Method {
        GET("GET"),
        HEAD("HEAD"),
        OTHER("other");

        private final String label;

        Method(String label) {
            this.label = label;
        }

        static Method of(String name) {
            return name.equals(GET.label) ? GET : name.equals(HEAD.label) ? HEAD : OTHER;
        }
    }

    private final MeterRegistry registry;
    private final AtomicReferenceArray<@Nullable Timer> timers =
            new AtomicReferenceArray<>(Route.values().length * Method.values().length * STATUSES);
    /** The registry refers to them weakly. */
    private final List<Supplier<Number>> counts = new CopyOnWriteArrayList<>();

    private final Counter ownerAnswered;
    private final Counter ownerSilent;
    private final Counter standbyAnswered;
    private final Counter standbySilent;

    HttpMetrics(MeterRegistry registry) {
        this.registry = registry;
        timer(Route.PERIODS, Method.GET, 200); // so that something is there before the first request
        timer(Route.ACTIONS, Method.GET, 200);
        ownerAnswered = forwards("owner", "answered");
        ownerSilent = forwards("owner", "none");
        standbyAnswered = forwards("standby", "answered");
        standbySilent = forwards("standby", "none");
    }

    private Counter forwards(String as, String outcome) {
        return Counter.builder("periodview.forwarded")
                .tag("as", as)
                .tag("outcome", outcome)
                .description("Requests that were forwarded to another instance")
                .register(registry);
    }

    /**
     * Measures the connections of the API's port.
     *
     * @param refused as there were too many, so far
     * @param cutOff as their clients were too slow, so far
     */
    public void connections(Supplier<Number> open, Supplier<Number> refused, Supplier<Number> cutOff) {
        Gauge.builder("periodview.connections", open)
                .description("Open connections to the API's port")
                .register(registry);
        closed("limit", refused);
        closed("slow", cutOff);
    }

    private void closed(String reason, Supplier<Number> count) {
        counts.add(count);
        FunctionCounter.builder(
                        "periodview.connections.closed", count, now -> now.get().doubleValue())
                .tag("reason", reason)
                .description("Connections to the API's port that the server closed: beyond the limit, or slow")
                .register(registry);
    }

    /** A request was answered. */
    public void answered(String method, String path, int status, long nanos) {
        int known = status >= 100 && status < STATUSES ? status : 0;
        timer(Route.of(path), Method.of(method), known).record(nanos, TimeUnit.NANOSECONDS);
    }

    /**
     * A request was forwarded.
     *
     * @param toOwner or to a standby
     */
    public void forwarded(boolean toOwner, boolean answered) {
        (toOwner ? (answered ? ownerAnswered : ownerSilent) : answered ? standbyAnswered : standbySilent).increment();
    }

    private Timer timer(Route route, Method method, int status) {
        int index = (route.ordinal() * Method.values().length + method.ordinal()) * STATUSES + status;
        Timer known = timers.get(index);
        if (known != null) {
            return known;
        }
        Timer timer = Timer.builder("http.server.requests")
                .tag("method", method.label)
                .tag("route", route.label)
                .tag("status", Integer.toString(status))
                .description("Requests to the API, until the whole answer is handed to the connection")
                .serviceLevelObjectives(BUCKETS)
                .register(registry); // the same one, if two come here at once
        timers.set(index, timer);
        return timer;
    }
}
