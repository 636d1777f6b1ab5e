package io.periodview.api.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.periodview.api.status.BuildVersions;
import io.periodview.streams.PeriodViewService;
import io.periodview.streams.metrics.ServiceMetrics;
import io.prometheus.metrics.core.metrics.Info;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** All that one instance measures. Thread-safe. */
public final class InstanceMetrics implements AutoCloseable {

    /** What {@link #scrape} is. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final PrometheusServiceMetrics service;
    private final HttpMetrics http;

    public InstanceMetrics() {
        // Prometheus' conventions have no nanoseconds (process_cpu_usage says the same), and no gauges that are counts.
        registry.config()
                .meterFilter(MeterFilter.denyNameStartsWith("process.cpu.time"))
                .meterFilter(MeterFilter.denyNameStartsWith("system.cpu.count"));
        new JvmMemoryMetrics().bindTo(registry);
        collections.bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmInfoMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        BuildVersions versions = BuildVersions.ofThisProcess();
        Info.builder()
                .name("periodview_build_info")
                .help("Always 1: the versions of the service, Kafka's clients and Java")
                .labelNames("version", "kafka", "java")
                .register(registry.getPrometheusRegistry())
                .addLabelValues(versions.periodView(), versions.kafka(), versions.java());
        service = new PrometheusServiceMetrics(registry);
        http = new HttpMetrics(registry);
    }

    /** Where the view reports its work. */
    public ServiceMetrics service() {
        return service;
    }

    /** Where the API's server reports requests. */
    public HttpMetrics http() {
        return http;
    }

    /**
     * Measures a service from now on.
     *
     * @param running null as long as it is starting
     */
    public void watch(Supplier<@Nullable PeriodViewService> running, BooleanSupplier isLive, BooleanSupplier isReady) {
        registry.getPrometheusRegistry().register(new KafkaCollector(() -> {
            PeriodViewService now = running.get();
            return now == null ? Map.of() : now.metrics();
        }));
        registry.getPrometheusRegistry().register(new PartitionCollector(running));
        gauge("periodview.live", "1 if GET /health/live is 200, else 0", () -> isLive.getAsBoolean() ? 1 : 0);
        gauge("periodview.ready", "1 if GET /health/ready is 200, else 0", () -> isReady.getAsBoolean() ? 1 : 0);
        memory("response_cache", running, now -> now.queries().responseCacheBytes());
        memory("row_cache", running, now -> now.status().rowCacheBytes());
        memory("response_buffers", running, now -> now.queries().buffers().used());
        waiting("position", () -> value(running, now -> now.queries().waiting()));
        Gauge.builder(
                        "periodview.thread.poll.age",
                        () -> value(
                                running, now -> now.status().longestPollAge().toNanos() / 1e9))
                .baseUnit("seconds")
                .description("The longest time since one of the stream threads has polled")
                .register(registry);
        gauge(
                "periodview.open.iterators",
                "Iterators that are open on this instance's stores",
                () -> value(running, now -> KafkaCollector.openIterators(now.metrics())));
    }

    /** @param what they wait for */
    public void waiting(String what, Supplier<Number> now) {
        Gauge.builder("periodview.waiting.requests", now)
                .tag("for", what)
                .description("Requests that wait now, for a position or for a partition that nobody hosts")
                .register(registry);
    }

    /** @param now how many there are */
    public void unresponsivePeers(Supplier<Number> now) {
        gauge("periodview.unresponsive.peers", "Other instances that are skipped until they answer a ping", now);
    }

    private void memory(
            String what, Supplier<@Nullable PeriodViewService> running, ToDoubleFunction<PeriodViewService> bytes) {
        Gauge.builder("periodview.memory", () -> value(running, bytes))
                .tag("of", what)
                .baseUnit("bytes")
                .description(
                        "Heap used for readers: cached responses, rows of hot periods, responses that are being buffered")
                .register(registry);
    }

    private static double value(Supplier<@Nullable PeriodViewService> running, ToDoubleFunction<PeriodViewService> of) {
        PeriodViewService now = running.get();
        return now == null ? 0 : of.applyAsDouble(now);
    }

    private void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register((MeterRegistry) registry);
    }

    /** All of it, in Prometheus' text format. */
    public String scrape() {
        return registry.scrape(CONTENT_TYPE);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
