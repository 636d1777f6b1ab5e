package io.periodview.api.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.api.cli.ApiReader;
import io.periodview.api.cli.ViewCheck;
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

/** Compares everything that there is to see, when all has settled, with what there must be. */
final class Check {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String bootstrapServers;
    private final List<Member> members;
    private final Producers producers;
    private final Path scratch;
    private final Diary diary;
    private final Mischief mischief;
    private long periodActions;
    private int numbers;

    Check(
            String bootstrapServers,
            List<Member> members,
            Producers producers,
            Path scratch,
            Diary diary,
            Mischief mischief) {
        this.bootstrapServers = bootstrapServers;
        this.members = members;
        this.producers = producers;
        this.scratch = scratch;
        this.diary = diary;
        this.mischief = mischief;
    }

    /** The answers about the teams that nobody changes, from when all instances give them. */
    Map<Long, String> awaitStable(Map<Long, String> keys) {
        Map<Long, String> stable = new HashMap<>();
        for (long team : producers.stableTeams()) {
            for (Member member : members) {
                ApiReader reader = ApiReader.at(member.port(), keys.get(team));
                await().atMost(PATIENCE)
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .untilAsserted(() -> {
                            mischief.supervise();
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
        for (Member member : members) {
            diary.note("comparing %s", member);
            // As often as it takes: partitions may still be on the move.
            AtomicReference<ViewCheck.Answers> whole = new AtomicReference<>(new ViewCheck.Answers(Map.of(), 0));
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .pollInterval(Duration.ofMillis(500))
                    .untilAsserted(() -> {
                        mischief.supervise();
                        whole.set(view(member, keys).compare(new IdLedger()));
                    });
            ViewCheck.Answers answers = Objects.requireNonNull(whole.get());
            periodActions = answers.periodActions();
            if (bodies.isEmpty()) {
                bodies.putAll(answers.bodies());
            }
            assertThat(answers.bodies()).as("%s answers as the others", member).isEqualTo(bodies);
        }
        diary.note("comparing the dead letters");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(deadLetters()).isEqualTo(producers.deadLetters()));
        diary.note("comparing the changelog");
        Changelog changelog = Changelog.read(bootstrapServers, "period-view-view-changelog");
        assertThat(changelog.violations()).as("numbers that were committed").isEmpty();
        numbers = changelog.numbersGiven();
        Map<String, String> committed = new TreeMap<>();
        for (long team : producers.reference().teamIds()) {
            changelog
                    .bodies(team, producers.reference().periodIds(team), scratch)
                    .forEach((path, body) -> committed.put("team " + team + ": GET " + path, body));
        }
        assertThat(bodies).as("the live stores show what the changelog says").isEqualTo(committed);
        return bodies;
    }

    private ViewCheck view(Member member, Map<Long, String> keys) {
        Map<Long, ApiReader> readers = new TreeMap<>();
        for (long team : producers.reference().teamIds()) {
            readers.put(team, ApiReader.at(member.port(), keys.get(team)));
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
