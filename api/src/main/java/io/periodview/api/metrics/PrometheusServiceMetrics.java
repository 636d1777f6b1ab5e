package io.periodview.api.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.topics.Rejection;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the view reports, as Micrometer's meters. All are there from the start. Thread-safe. */
final class PrometheusServiceMetrics implements ServiceMetrics {

    /** From a poll's own time to a backlog of minutes. */
    private static final Duration[] VISIBLE = {
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
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(5),
    };

    private static final Duration[] WAIT = {
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
    };

    private final Counter applied;
    private final Counter rerouted;
    private final Counter lost;
    private final Counter threadFailures;
    private final Counter restores;
    private final Timer visible;
    private final Map<Rejection.Code, Counter> rejected = new EnumMap<>(Rejection.Code.class);
    private final Map<Role, Map<ServedFrom, Counter>> answers = new EnumMap<>(Role.class);
    private final Map<Role, Counter> rows = new EnumMap<>(Role.class);
    private final Map<Wait, Timer> waits = new EnumMap<>(Wait.class);

    PrometheusServiceMetrics(MeterRegistry registry) {
        applied = Counter.builder("periodview.events.applied")
                .description("Events that were applied")
                .register(registry);
        rerouted = Counter.builder("periodview.events.rerouted")
                .description("Events that were rerouted to their team's partition")
                .register(registry);
        lost = Counter.builder("periodview.lost.events")
                .description("Offsets of events that were deleted from their topic before they were applied")
                .register(registry);
        threadFailures = Counter.builder("periodview.thread.failures")
                .description("Stream threads that failed")
                .register(registry);
        restores = Counter.builder("periodview.restores")
                .description("Restores of a partition that are complete")
                .register(registry);
        visible = Timer.builder("periodview.event.visible")
                .description("From an event's timestamp to when readers see it, of the last event of each poll")
                .serviceLevelObjectives(VISIBLE)
                .register(registry);
        for (Rejection.Code code : Rejection.Code.values()) {
            rejected.put(
                    code,
                    Counter.builder("periodview.events.rejected")
                            .tag("code", code.toString())
                            .description("Events that went to the dead letters")
                            .register(registry));
        }
        for (Role role : Role.values()) {
            answers.put(role, answersOf(role, registry));
            rows.put(
                    role,
                    Counter.builder("periodview.rows.served")
                            .tag("source", word(role))
                            .description("Actions and periods in answers out of this instance's rows")
                            .register(registry));
        }
        for (Wait outcome : Wait.values()) {
            waits.put(
                    outcome,
                    Timer.builder("periodview.position.wait")
                            .tag("outcome", word(outcome))
                            .description("Requests that had to wait for the position they named")
                            .serviceLevelObjectives(WAIT)
                            .register(registry));
        }
    }

    private static Map<ServedFrom, Counter> answersOf(Role role, MeterRegistry registry) {
        Map<ServedFrom, Counter> counters = new EnumMap<>(ServedFrom.class);
        for (ServedFrom from : ServedFrom.values()) {
            if (role == Role.OWNER
                    || from == ServedFrom.ROCKSDB
                    || from == ServedFrom.NOT_FOUND) { // a standby caches nothing
                counters.put(
                        from,
                        Counter.builder("periodview.answers")
                                .tag("source", word(role))
                                .tag("from", word(from))
                                .description("Answers out of this instance's rows")
                                .register(registry));
            }
        }
        return counters;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void applied() {
        applied.increment();
    }

    @Override
    public void rerouted() {
        rerouted.increment();
    }

    @Override
    public void rejected(Rejection.Code code) {
        of(rejected, code).increment();
    }

    @Override
    public void visible(long millis) {
        visible.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }

    @Override
    public void lost(long offsets) {
        lost.increment(offsets);
    }

    @Override
    public void threadFailed() {
        threadFailures.increment();
    }

    @Override
    public void restored() {
        restores.increment();
    }

    @Override
    public void answered(Role role, ServedFrom from, long served) {
        of(of(answers, role), from).increment();
        of(rows, role).increment(served);
    }

    @Override
    public void waited(Wait outcome, long nanos) {
        of(waits, outcome).record(nanos, TimeUnit.NANOSECONDS);
    }

    private static <K, V> V of(Map<K, V> meters, K key) {
        V meter = meters.get(key);
        if (meter == null) {
            throw new IllegalStateException("There is no meter of " + key);
        }
        return meter;
    }
}
