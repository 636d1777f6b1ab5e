package io.periodview.cli.deadletters;

import static io.periodview.cli.deadletters.RejectedEvents.BAD;
import static io.periodview.cli.deadletters.RejectedEvents.HOME;
import static io.periodview.cli.deadletters.RejectedEvents.THEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.cli.deadletters.RejectedEvents.Sent;
import io.periodview.streams.intake.Omissions;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.streams.intake.RecordOrigin;
import io.periodview.topics.Rejection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Dead letters that cannot be sent again, among others that can. */
class ReplayFailuresIT {

    private final RejectedEvents events = new RejectedEvents();

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void reportsWhatCannotBeSentAndSendsTheRest() {
        String orders = events.topics.prefix() + "orders";
        String byHand = events.deadLetter(0, "7/1", BAD, new RecordHeaders());
        String foreign = events.reject(new Sent(orders, 0, 0, THEN, "7/1", BAD, new RecordHeaders()), 0);
        String good = events.reject(events.action(HOME, "7/2", 0, BAD), 0);

        Outcome all = replay("--all");
        assertThat(all.status()).isZero();
        assertThat(all.out())
                .contains("the service did not write it")
                .contains("it came from " + orders + ", which is not a topic of this service")
                .contains("1 sent, 0 superseded, 2 not replayable, 0 failed");

        Outcome named = replay(byHand, foreign, good, "dead-letters-0@99", "dead-letters-9@0");
        assertThat(named.status()).isEqualTo(1);
        assertThat(named.err())
                .isEqualToNormalizingNewlines("period-view: 4 could not be sent again; stdout says why.\n");
        assertThat(named.out())
                .containsPattern("dead-letters-0@99 .*failed: there is no dead letter here")
                .containsPattern("dead-letters-9@0 .*failed: there is no dead letter here")
                .contains("0 sent, 1 superseded, 2 not replayable, 2 failed");
    }

    @Test
    void whatHasNoValueCannotBeSentAgain() {
        RecordOrigin origin = new RecordOrigin(events.topics.actions(), HOME, 7, THEN);
        Omissions omissions = new Omissions(null, new OmittedValue(9_000_000, "ab".repeat(32)), null);
        String large = events.deadLetter(
                0,
                "7/1",
                null,
                origin.rejected(new RecordHeaders(), new Rejection(Rejection.Code.TOO_LARGE, "m"), omissions));
        String skipped = events.deadLetter(
                0, "7/1", null, origin.rejected(new RecordHeaders(), new Rejection(Rejection.Code.SKIPPED, "m")));

        Outcome replayed = replay(large, skipped);

        assertThat(replayed.status()).isEqualTo(1);
        assertThat(replayed.out())
                .containsPattern(
                        large + " .*cannot be sent again: it was too large to be kept whole, so its value is not"
                                + " here; while the topic keeps it, the original is actions-" + HOME + "@7")
                .containsPattern(skipped + " .*cannot be sent again: the record was skipped, so its value is not here")
                .contains("0 sent, 0 superseded, 2 not replayable, 0 failed");
        assertThat(events.actions()).isEmpty();
    }

    @Test
    void aRefusedEventDoesNotAffectTheOthers() throws Exception {
        events.reject(events.action(HOME, "7/1", 0, BAD), 0);
        String refused = events.reject(events.action(HOME, "7/2", -1_000_000, BAD), 0);
        String noise = new Random(1)
                .ints(1_500_000, ' ', 127)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        String large = events.reject(events.action(HOME, "7/3", 0, noise), 0);
        String last = events.reject(events.action(HOME, "7/4", 0, BAD), 0);
        acceptOnlyFrom(THEN);

        for (String force : List.of("--force=false", "--force")) {
            Outcome replayed = replay("--all", force);

            assertThat(replayed.status()).isEqualTo(1);
            assertThat(replayed.out())
                    .containsPattern(refused + " .*failed: .*imestamp.*Its time is 20.*message.timestamp.before.max.ms")
                    .containsPattern(large + " .*sent to actions-")
                    .containsPattern(last + " .*sent to actions-")
                    .contains("3 sent, 0 superseded, 0 not replayable, 1 failed");
        }
    }

    /** Has the broker refuse actions with an earlier time. */
    private void acceptOnlyFrom(long time) throws Exception {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, events.topics.actions());
        String age = Long.toString(System.currentTimeMillis() - time + 500_000);
        try (Admin admin = Admin.create(events.commandLine.clientProperties())) {
            admin.incrementalAlterConfigs(Map.of(
                            topic,
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("message.timestamp.before.max.ms", age), OpType.SET))))
                    .all()
                    .get();
            await().until(() -> age.equals(admin.describeConfigs(List.of(topic))
                    .all()
                    .get()
                    .values()
                    .iterator()
                    .next()
                    .get("message.timestamp.before.max.ms")
                    .value()));
        }
    }

    private Outcome replay(String... arguments) {
        return events.replay(arguments);
    }
}
