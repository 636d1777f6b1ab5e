package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

/** {@code /status} and {@code /loggers}, on the port for operators. */
class OperationsIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofTwoInstances();

    private static final String LOGGER = "io.periodview.OperationsIT";

    @Test
    void statusShowsWhichInstanceHasWhichPartition() {
        Instance asked = service.first();
        JsonNode status = new AdminClient(asked).get("/status", "Status");
        assertThat(status.at("/instance/ready").asBoolean()).isTrue();
        assertThat(status.get("instances")).hasSize(2);
        Set<Integer> owned = new TreeSet<>();
        status.get("instances").forEach(each -> each.get("owns").forEach(number -> owned.add(number.asInt())));
        assertThat(owned).hasSize(RunningService.PARTITIONS);
        assertThat(status.get("partitions").findValuesAsText("partition"))
                .as("%s", status)
                .containsExactly("0", "1", "2", "3");
        for (JsonNode partition : status.get("partitions")) {
            boolean here = partition.get("owner").asText().endsWith(":" + asked.port());
            assertThat(partition.at("/here/role").asText()).isEqualTo(here ? "owner" : "standby");
            assertThat(partition.get("standbys")).hasSize(1);
        }
        assertThat(status.get("topology").asText()).contains("dead-letters");
    }

    @Test
    void loggersChangeTheirLevelAndAreResetAtRuntime() {
        AdminClient admin = new AdminClient(service.first());
        String path = "/loggers/" + LOGGER;
        assertThat(admin.get(path).status()).isEqualTo(404);
        for (String method : List.of("PUT", "POST")) {
            JsonNode changed = admin.send(method, path, "{\"level\":\"debug\"}").json();
            AdminClient.validate("Logger", changed);
            assertThat(changed.get("effectiveLevel").asText()).isEqualTo("DEBUG");
        }
        assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isTrue();
        assertThat(admin.get("/loggers").text()).contains(LOGGER, "\"ROOT\"");
        admin.send("PUT", path, "{\"level\":null}");
        assertThat(admin.get(path).json().get("level").isNull()).isTrue();
        assertThat(LoggerFactory.getLogger(LOGGER).isDebugEnabled()).isFalse();
    }

    @Test
    void invalidChangesOfALevelAreRefused() {
        AdminClient admin = new AdminClient(service.first());
        String path = "/loggers/" + LOGGER + ".invalid";
        for (String wrong :
                List.of("", "{", "[]", "{}", "{\"level\":\"LOUD\"}", "{\"level\":1}", "{\"level\":null}}")) {
            Reply refused = admin.send("PUT", path, wrong);
            assertThat(refused.status()).as(wrong).isEqualTo(400);
            AdminClient.validate("Error", refused.json());
        }
        assertThat(admin.send("DELETE", path, null).header("Allow")).hasValue("GET, HEAD, POST, PUT");
        assertThat(admin.send("POST", "/status", "{}").header("Allow")).hasValue("GET, HEAD");
    }
}
