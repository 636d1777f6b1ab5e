package io.periodview.api.status;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.periodview.streams.InstanceInfo;
import io.periodview.streams.ServiceStatus;
import io.periodview.streams.partition.PartitionStatus;
import io.periodview.streams.partition.RestoreProgress.Progress;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** What {@code GET /status} answers: admin.yaml, beside the reference of the API, has its members. */
public final class StatusDocument {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StatusDocument() {}

    /**
     * What the instance knows of itself whether its view has started or not.
     *
     * @param notLive why it is not live, or null
     * @param notReady why it is not ready, or null
     * @param settings that are not the default
     */
    public record Frame(
            Instant startedAt,
            @Nullable String notLive,
            @Nullable String notReady,
            List<Setting> settings) {}

    /** @param status null as long as the view is starting */
    public static String of(Frame frame, @Nullable ServiceStatus status) {
        ObjectNode document = JSON.objectNode();
        document.set("instance", instance(frame, status));
        document.set("versions", versions());
        List<InstanceInfo> members = status == null ? List.of() : status.members();
        document.set("instances", instances(members));
        document.set("partitions", status == null ? JSON.arrayNode() : partitions(status, members));
        ObjectNode threads = document.putObject("threads");
        ArrayNode settings = document.putArray("settings");
        frame.settings()
                .forEach(each -> settings.addObject().put("name", each.name()).put("value", each.value()));
        if (status != null) {
            status.threads().forEach(threads::put);
            document.put("topology", status.topology());
        } else {
            document.putNull("topology");
        }
        return document.toString();
    }

    private static ObjectNode instance(Frame frame, @Nullable ServiceStatus status) {
        ObjectNode instance = JSON.objectNode();
        instance.put(
                "address", status == null ? null : address(status.settings().self()));
        instance.put("applicationId", status == null ? null : status.settings().applicationId());
        instance.put("state", status == null ? "STARTING" : status.state());
        instance.put("startedAt", frame.startedAt().toString());
        instance.put("live", frame.notLive() == null);
        instance.put("notLive", frame.notLive());
        instance.put("ready", frame.notReady() == null);
        instance.put("notReady", frame.notReady());
        return instance;
    }

    private static ObjectNode versions() {
        BuildVersions versions = BuildVersions.ofThisProcess();
        return JSON.objectNode()
                .put("periodView", versions.periodView())
                .put("kafka", versions.kafka())
                .put("java", versions.java());
    }

    private static ArrayNode instances(List<InstanceInfo> members) {
        ArrayNode instances = JSON.arrayNode();
        for (InstanceInfo each : members) {
            ObjectNode instance = instances.addObject();
            instance.put("address", address(each.address()));
            instance.put("self", each.isSelf());
            each.activePartitions().forEach(instance.putArray("owns")::add);
            each.standbyPartitions().forEach(instance.putArray("standsBy")::add);
        }
        return instances;
    }

    private static ArrayNode partitions(ServiceStatus status, List<InstanceInfo> members) {
        ArrayNode partitions = JSON.arrayNode();
        List<PartitionStatus> statuses = status.statuses();
        for (int i = 0; i < status.partitions(); i++) {
            int number = i;
            ObjectNode partition = partitions.addObject().put("partition", number);
            partition.putNull("owner");
            ArrayNode standbys = partition.putArray("standbys");
            for (InstanceInfo each : members) {
                if (each.activePartitions().contains(number)) {
                    partition.put("owner", address(each.address()));
                }
                if (each.standbyPartitions().contains(number)) {
                    standbys.add(address(each.address()));
                }
            }
            partition.set(
                    "here",
                    statuses.stream()
                            .filter(each -> each.partition() == number)
                            .findFirst()
                            .map(StatusDocument::here)
                            .orElse(null));
        }
        return partitions;
    }

    private static ObjectNode here(PartitionStatus status) {
        ObjectNode here = JSON.objectNode()
                .put("role", status.role().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        switch (status.role()) {
            case OWNER, UNCONFIRMED, CUT_OFF, BUILDING, REFUSED -> {
                here.set("position", offsets(status.position()));
                here.set("lag", offsets(status.lag()));
            }
            case STANDBY, CATCHING_UP -> here.put("behind", status.standbyLag());
            case RESTORING -> here.set("restore", restore(status.restore()));
        }
        if (status.problem() != null) {
            here.put("problem", status.problem());
        }
        return here;
    }

    private static @Nullable ObjectNode restore(@Nullable Progress restore) {
        return restore == null
                ? null
                : JSON.objectNode()
                        .put("total", restore.total())
                        .put("remaining", restore.remaining())
                        .put("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - restore.startedAt()));
    }

    private static ObjectNode offsets(Map<String, Long> byTopic) {
        ObjectNode offsets = JSON.objectNode();
        byTopic.forEach(offsets::put);
        return offsets;
    }

    /** {@code HOST:PORT}, whatever kind of address it is. */
    static String address(HostInfo host) {
        return (host.host().indexOf(':') < 0 ? host.host() : '[' + host.host() + ']') + ":" + host.port();
    }
}
