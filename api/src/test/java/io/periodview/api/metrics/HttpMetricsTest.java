package io.periodview.api.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.periodview.api.metrics.HttpMetrics.Route;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpMetricsTest {

    @ParameterizedTest
    @CsvSource({
        "/periods, PERIODS",
        "/periods/1/actions, ACTIONS",
        "/periods/x%20y/actions, ACTIONS",
        "/periods/, OTHER",
        "/periods//actions, OTHER",
        "/periods/actions, OTHER",
        "/periods/1/2/actions, OTHER",
        "/periods/1/actions/, OTHER",
        "/, OTHER",
        "'', OTHER",
    })
    void pathsMapToRoutes(String path, Route route) {
        assertThat(Route.of(path)).isEqualTo(route);
    }

    @Test
    void madeUpPathsAndMethodsCreateNoMeters() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        HttpMetrics meters = new HttpMetrics(registry);
        meters.answered("GET", "/x", 404, 1_000);
        int before = registry.getMeters().size();
        for (int i = 0; i < 100; i++) {
            meters.answered("GET", "/x/" + i, 404, 1_000);
        }
        assertThat(registry.getMeters()).hasSize(before);
        for (int i = 0; i < 100; i++) {
            meters.answered("M" + i, "/periods", 405, 1_000);
        }
        assertThat(registry.getMeters()).hasSize(before + 1);
        meters.answered("GET", "/periods", -1, 1_000);
        meters.answered("GET", "/periods", 1_000, 1_000);
        assertThat(registry.getMeters()).hasSize(before + 2);
        assertThat(registry.get("http.server.requests")
                        .tag("route", "other")
                        .tag("status", "404")
                        .timer()
                        .count())
                .isEqualTo(101);
    }
}
