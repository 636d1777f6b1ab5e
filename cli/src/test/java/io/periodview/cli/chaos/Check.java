package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.ApiReader;
import io.periodview.cli.InstanceProcess;
import io.periodview.cli.ViewCheck;
import io.periodview.testkit.IdLedger;
import io.periodview.testkit.RandomHistory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Compares everything observable, once all has settled, with what it must be. */
final class Check {

    private static final Duration TIMEOUT = Duration.ofSeconds(120);

    private final String bootstrapServers;
    private final List<InstanceProcess> instances;
    private final Producers producers;
    private final Path scratch;
    private final EventJournal journal;
    private final FaultInjector faults;
    private long periodActions;
    private int numbers;

    Check(
            String bootstrapServers,
            List<InstanceProcess> instances,
            Producers producers,
            Path scratch,
            EventJournal journal,
            FaultInjector faults) {
        this.bootstrapServers = bootstrapServers;
        this.instances = instances;
        this.producers = producers;
        this.scratch = scratch;
        this.journal = journal;
        this.faults = faults;
    }

    /** The answers about the teams that never change, once all instances give them. */
    Map<Long, String> awaitStable(Map<Long, String> keys) {
        Map<Long, String> stable = new HashMap<>();
        for (long team : producers.stableTeams()) {
            for (InstanceProcess instance : instances) {
                ApiReader reader = ApiReader.at(instance.port(), keys.get(team));
                await().atMost(TIMEOUT)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(() -> {
                            faults.supervise();
                            String body = reader.body("/periods/1/actions");
                            assertThat(body).contains("\"actionId\":" + Producers.STABLE_ACTIONS + ",");
                            stable.put(team, body);
                        });
            }
        }
        return stable;
    }

    /**
     * The view of each instance, the dead letters, and the changelog.
     *
     * @return what was answered, by team and path
     */
    Map<String, String> all(Map<Long, String> keys) throws Exception {
        Map<String, String> bodies = new TreeMap<>();
        for (InstanceProcess instance : instances) {
            journal.note("comparing %s", instance);
            // Until it succeeds: partitions may still be moving.
            AtomicReference<ViewCheck.Answers> whole = new AtomicReference<>(new ViewCheck.Answers(Map.of(), 0));
            await().atMost(TIMEOUT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        faults.supervise();
                        whole.set(view(instance, keys).compare(new IdLedger()));
                    });
            ViewCheck.Answers answers = Objects.requireNonNull(whole.get());
            periodActions = answers.periodActions();
            if (bodies.isEmpty()) {
                bodies.putAll(answers.bodies());
            }
            assertThat(answers.bodies())
                    .as("%s answers like the others", instance)
                    .isEqualTo(bodies);
        }
        journal.note("comparing the dead letters");
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(deadLetters()).isEqualTo(producers.deadLetters()));
        journal.note("comparing the changelog");
        Changelog changelog = Changelog.read(bootstrapServers, "period-view-view-changelog");
        assertThat(changelog.violations()).as("numbers that were committed").isEmpty();
        numbers = changelog.numbersAssigned();
        Map<String, String> committed = new TreeMap<>();
        for (long team : producers.reference().teamIds()) {
            changelog
                    .bodies(team, producers.reference().periodIds(team), scratch)
                    .forEach((path, body) -> committed.put("team " + team + ": GET " + path, body));
        }
        assertThat(bodies).as("the live stores show what the changelog says").isEqualTo(committed);
        return bodies;
    }

    private ViewCheck view(InstanceProcess instance, Map<Long, String> keys) {
        Map<Long, ApiReader> readers = new TreeMap<>();
        for (long team : producers.reference().teamIds()) {
            readers.put(team, ApiReader.at(instance.port(), keys.get(team)));
        }
        return new ViewCheck(producers.reference(), readers, RandomHistory.formFieldNames());
    }

    private Map<String, String> deadLetters() {
        Map<String, String> letters = new TreeMap<>();
        Topics.readCommitted(bootstrapServers, "dead-letters", letter -> {
            String at = header(letter, "topic") + "-" + header(letter, "partition") + "@" + header(letter, "offset");
            assertThat(letters.put(at, header(letter, "exception")))
                    .as("%s once", at)
                    .isNull();
        });
        return letters;
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(
                letter.headers().lastHeader("__streams.errors." + name).value(), UTF_8);
    }

    @Override
    public String toString() {
        return periodActions + " period actions of "
                + producers.reference().teamIds().size() + " teams, " + numbers + " numbers, "
                + producers.deadLetters().size() + " dead letters";
    }
}
