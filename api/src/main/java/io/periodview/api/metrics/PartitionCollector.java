package io.periodview.api.metrics;

import io.periodview.streams.PeriodViewService;
import io.periodview.streams.partition.PartitionStatus;
import io.periodview.streams.partition.PartitionStatus.Role;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The partitions that an instance hosts, which come and go. Thread-safe. */
final class PartitionCollector implements MultiCollector {

    private final Supplier<@Nullable PeriodViewService> service;

    /** @param service null as long as it is starting */
    PartitionCollector(Supplier<@Nullable PeriodViewService> service) {
        this.service = service;
    }

    @Override
    public MetricSnapshots collect() {
        PeriodViewService now = service.get();
        return of(now == null ? List.of() : now.status().statuses(), System.nanoTime());
    }

    static MetricSnapshots of(List<PartitionStatus> statuses, long nanoTime) {
        Family roles = new Family("periodview_partitions", "Partitions that this instance hosts, by role");
        roles.add(count(statuses, Role.OWNER), "role", "owner");
        roles.add(count(statuses, Role.UNCONFIRMED), "role", "unconfirmed");
        roles.add(count(statuses, Role.CUT_OFF), "role", "cut_off");
        roles.add(count(statuses, Role.REFUSED), "role", "refused");
        roles.add(count(statuses, Role.BUILDING), "role", "building");
        roles.add(count(statuses, Role.STANDBY), "role", "standby");
        roles.add(count(statuses, Role.RESTORING) + count(statuses, Role.CATCHING_UP), "role", "restoring");
        Family lag = new Family(
                "periodview_partition_lag_events",
                "Offsets between the consumer's position in a partition that is owned and the end of the topic");
        Family standbyLag = new Family(
                "periodview_standby_lag_records",
                "Changelog records that a standby had not applied when it was last observed");
        Family remaining = new Family(
                "periodview_restore_remaining_records",
                "Changelog records remaining until a partition is restored and owned");
        Family running =
                new Family("periodview_restore_running_seconds", "How long a partition has been being restored");
        for (PartitionStatus each : statuses) {
            String partition = Integer.toString(each.partition());
            each.lag().forEach((topic, events) -> lag.add(events, "topic", topic, "partition", partition));
            if (each.standbyLag() != null) {
                standbyLag.add(each.standbyLag(), "partition", partition);
            }
            if (each.restore() != null) {
                remaining.add(each.restore().remaining(), "partition", partition);
                running.add((nanoTime - each.restore().startedAt()) / 1e9, "partition", partition);
            }
        }
        return MetricSnapshots.of(roles.build(), lag.build(), standbyLag.build(), remaining.build(), running.build());
    }

    private static long count(List<PartitionStatus> statuses, Role role) {
        return statuses.stream().filter(each -> each.role() == role).count();
    }

    /** A gauge with its values. */
    private static final class Family {

        private final GaugeSnapshot.Builder gauge;

        Family(String name, String help) {
            gauge = GaugeSnapshot.builder().name(name).help(help);
        }

        void add(double value, String... labels) {
            gauge.dataPoint(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of(labels))
                    .value(value)
                    .build());
        }

        GaugeSnapshot build() {
            return gauge.build();
        }
    }
}
