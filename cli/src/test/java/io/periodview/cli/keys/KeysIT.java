package io.periodview.cli.keys;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.topics.ApiKeyHash;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeysIT {

    private static final String USER = System.getProperty("user.name");

    private final CommandLineWithBroker commandLine = new CommandLineWithBroker();
    private final String topic = commandLine.topics().apiKeys();

    @BeforeEach
    void createTopic() throws ExecutionException, InterruptedException {
        commandLine.createTopics(new NewTopic(topic, 2, (short) 1));
    }

    @Test
    void createPrintsOnlyTheKeyAndStoresItsHash() {
        Outcome created = create("7", "dashboard");

        assertThat(created.out()).matches("pv_[A-Za-z0-9_-]{43}\\R");
        assertThat(created.err()).isEmpty();
        List<ConsumerRecord<byte[], byte[]>> records = commandLine.read(topic);
        assertThat(records).singleElement().satisfies(record -> {
            assertThat(record.key())
                    .isEqualTo(ApiKeyHash.of(created.out().strip()).toBytes());
            assertThat(record.value())
                    .asString(UTF_8)
                    .isEqualTo("{\"teamId\":7,\"name\":\"dashboard\",\"expiresAt\":null}");
        });
    }

    @Test
    void listSortsKeysByTeamAndName() {
        String first = hash(create("10", "zebra"));
        String second = hash(create("9", "long name"));
        String third = hash(create("10", "ant", "--expires", "2199-01-01T01:00:00+01:00"));

        assertThat(run("keys", "list").out())
                .isEqualToNormalizingNewlines(
                        "HASH          TEAM  NAME       EXPIRES               BY\n" //
                                + second + "     9  long name  never                 " + USER + "\n"
                                + third + "    10  ant        2199-01-01T00:00:00Z  " + USER + "\n"
                                + first + "    10  zebra      never                 " + USER + "\n");
    }

    @Test
    void anExpiryCanBeRelativeToNow() {
        Instant before = Instant.now();
        create("7", "trial", "--expires", "2w");

        String row = run("keys", "list").out().lines().skip(1).findFirst().orElseThrow();
        Instant expiry = Instant.parse(row.split(" +")[3]);
        assertThat(expiry)
                .isBetween(
                        before.plus(14, ChronoUnit.DAYS).truncatedTo(ChronoUnit.MILLIS),
                        Instant.now().plus(14, ChronoUnit.DAYS));
    }

    @Test
    void aNameIsUniqueWithinATeam() {
        String hash = hash(create("7", "dashboard"));
        assertThat(create("8", "dashboard").status()).isZero();

        Outcome again = create("7", "dashboard");

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.out()).isEmpty();
        assertThat(again.err())
                .isEqualToNormalizingNewlines("period-view: Team 7 already has a key dashboard. Choose another name, or"
                        + " revoke it first: period-view keys revoke " + hash + "\n");
    }

    @Test
    void revokesByName() {
        create("7", "dashboard");

        assertThat(run("keys", "revoke", "dashboard").out()).contains("(team 7, dashboard)");

        assertThat(run("keys", "list").out()).hasLineCount(1);
        assertThat(commandLine.read(topic))
                .last()
                .satisfies(record -> assertThat(record.value()).isNull());
        assertThat(create("7", "dashboard").status()).isZero();
    }

    @Test
    void anAmbiguousNameListsTheCandidates() {
        String first = hash(create("7", "dashboard"));
        String second = hash(create("8", "dashboard"));

        Outcome ambiguous = run("keys", "revoke", "dashboard");

        assertThat(ambiguous.status()).isEqualTo(1);
        assertThat(ambiguous.err())
                .contains("2 keys match dashboard: ", first + " (team 7,", second + " (team 8,")
                .hasLineCount(1);
        assertThat(run("keys", "revoke", first).status()).isZero();
        assertThat(run("keys", "list").out()).contains(second).doesNotContain(first);
    }

    @Test
    void revokingAnUnknownNameFails() {
        Outcome unknown = run("keys", "revoke", "dashboard");

        assertThat(unknown.status()).isEqualTo(1);
        assertThat(unknown.err())
                .isEqualToNormalizingNewlines("period-view: There is no key with this name or hash: dashboard."
                        + " 'period-view keys list' shows all.\n");
    }

    @Test
    void reportsInvalidRecordsWhichCanBeRevoked() {
        create("7", "dashboard");
        String hash = ApiKeyHash.of("x").hex();
        put(hash, "{\"teamId\":7}");
        put("by hand", "{}");

        Outcome list = run("keys", "list");
        assertThat(list.out()).hasLineCount(2);
        assertThat(list.err())
                .contains("Record " + hash.substring(0, 12) + " opens nothing: \"name\" is missing.")
                .contains("Record \"by hand\" opens nothing: Its key is not a SHA-256 in hex.");

        assertThat(run("keys", "revoke", hash.substring(0, 12)).status()).isZero();
        assertThat(run("keys", "revoke", "by hand").status()).isZero();
        assertThat(run("keys", "list").err()).isEmpty();
    }

    @Test
    void whoMadeOrRevokedAKeyIsInItsRecord() {
        create("7", "dashboard", "--by", "Ada");
        String other = hash(create("7", "trial"));
        assertThat(run("keys", "list").out())
                .containsPattern(" dashboard +never +Ada\\R")
                .containsPattern(" trial +never +" + USER + "\\R");

        run("keys", "revoke", "dashboard", "--by", "Grace");
        run("keys", "revoke", other);

        List<String> by = commandLine.read(topic).stream()
                .map(record ->
                        new String(record.headers().lastHeader("period-view.by").value(), UTF_8))
                .toList();
        assertThat(by).containsExactlyInAnyOrder("Ada", USER, "Grace", USER);
        assertThat(run("keys", "list", "--by", "x").status()).isEqualTo(2);
        assertThat(create("7", "x", "--by", " ").status()).isEqualTo(2);
    }

    @Test
    void namesAreSafeOnATerminal() {
        put(ApiKeyHash.of("x").hex(), "{\"teamId\":7,\"name\":\"a\u202eb\u2028\u200bc\"}");
        String shown = "a\\xe2\\x80\\xaeb\\xe2\\x80\\xa8\\xe2\\x80\\x8bc";
        assertThat(run("keys", "list").out()).contains(shown + "  never    -").doesNotContain("\u202e", "\u2028");
        assertThat(run("keys", "revoke", ApiKeyHash.of("x").hex()).out()).contains("(team 7, " + shown + ")");
    }

    @Test
    void aMissingTopicSaysHowToCreateIt() {
        Outcome missing = commandLine.run("keys", "list", "--topic-prefix", "nowhere-");

        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.err())
                .contains("There is no topic nowhere-api-keys", "topics --apply")
                .hasLineCount(1);
    }

    private Outcome create(String team, String name, String... more) {
        String[] arguments = {"keys", "create", "--team", team, "--name", name};
        return run(Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new));
    }

    private Outcome run(String... arguments) {
        return commandLine.run(arguments);
    }

    private static String hash(Outcome created) {
        return ApiKeyHash.of(created.out().strip()).abbreviated();
    }

    private void put(String key, String value) {
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(commandLine.clientProperties(), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, key, value));
        }
    }
}
