package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.api.Instance;
import io.periodview.api.routing.ViewHeaders;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two instances that were started without a secret. */
class MissingSecretIT {

    @RegisterExtension
    static final SharedBroker broker = new SharedBroker();

    @Test
    void eachAnswersForItsOwnTeamsAndSaysWhatIsMissingForOthers() throws Exception {
        try (RunningService service = broker.newService("secretless", 0).withoutSecret();
                LogLines log = LogLines.open()) {
            Instance first = service.startInstance();
            Instance second = service.startInstance();
            service.awaitReady();
            Team own = service.teamOwnedBy(first, first);
            Team others = service.teamOwnedBy(second, second);
            own.show(own.period(1, "{'name':'own','start_date':'2024-01-01T00:00Z'}"));
            others.show(others.period(1, "{'name':'others','start_date':'2024-01-01T00:00Z'}"));

            long asked = System.nanoTime();
            for (int i = 0; i < 3; i++) {
                Reply refused = others.at(first).get("/periods");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.message()).contains("--instance-secret-file");
            }
            assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
            assertThat(log.all().stream()
                            .filter(line -> line.startsWith("ERROR") && line.contains("--instance-secret-file")))
                    .hasSize(1);
            assertThat(others.get("/periods", ViewHeaders.FORWARDED_TEAM + ": " + own.id(), "View-Forwarded-Proof: x")
                            .status())
                    .isEqualTo(401);
        }
    }
}
