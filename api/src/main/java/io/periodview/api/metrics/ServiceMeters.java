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

/** What the view tells of its work, as Micrometer's meters. All are there from the start. Thread-safe. */
final class ServiceMeters implements ServiceMetrics {

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
    private final Counter threadFailures;
    private final Counter restores;
    private final Timer visible;
    private final Map<Rejection.Code, Counter> rejected = new EnumMap<>(Rejection.Code.class);
    private final Map<Source, Map<From, Counter>> answers = new EnumMap<>(Source.class);
    private final Map<Source, Counter> rows = new EnumMap<>(Source.class);
    private final Map<Wait, Timer> waits = new EnumMap<>(Wait.class);

    ServiceMeters(MeterRegistry registry) {
        applied = Counter.builder("periodview.events.applied")
                .description("Events that were applied")
                .register(registry);
        rerouted = Counter.builder("periodview.events.rerouted")
                .description("Events that were sent on to their team's partition")
                .register(registry);
        threadFailures = Counter.builder("periodview.thread.failures")
                .description("Stream threads that failed")
                .register(registry);
        restores = Counter.builder("periodview.restores")
                .description("Restorations of a partition that came to their end")
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
        for (Source source : Source.values()) {
            answers.put(source, answersOf(source, registry));
            rows.put(
                    source,
                    Counter.builder("periodview.rows.served")
                            .tag("source", word(source))
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

    private static Map<From, Counter> answersOf(Source source, MeterRegistry registry) {
        Map<From, Counter> counters = new EnumMap<>(From.class);
        for (From from : From.values()) {
            if (source == Source.OWNER || from == From.STORE || from == From.NONE) { // a copy keeps nothing
                counters.put(
                        from,
                        Counter.builder("periodview.answers")
                                .tag("source", word(source))
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
    public void threadFailed() {
        threadFailures.increment();
    }

    @Override
    public void restored() {
        restores.increment();
    }

    @Override
    public void answered(Source source, From from, long served) {
        of(of(answers, source), from).increment();
        of(rows, source).increment(served);
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
