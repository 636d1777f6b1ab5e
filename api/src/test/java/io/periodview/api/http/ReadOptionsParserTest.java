package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.streams.query.ReadOptions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOptionsParserTest {

    private static final int OURS = 3;
    private static final Set<String> TOPICS = Set.of("actions", "periods", "dev.eu_1-actions-1", "app-rerouted");

    @Test
    void positionsOfAFormerApplicationAreIgnoredButUnknownTopicsAreRefused() {
        assertThat(atLeast("actions-3@5,app-rerouted-3@7")).isEqualTo(Map.of("actions", 5L, "app-rerouted", 7L));
        assertThat(atLeast("actions-3@5,former-rerouted-3@7")).isEqualTo(Map.of("actions", 5L));
        assertThatThrownBy(() -> atLeast("action-3@5"))
                .hasMessageContaining(
                        "There is no topic action here, but actions, app-rerouted, dev.eu_1-actions-1," + " periods.");
    }

    @Test
    void noHeadersAcceptAnyAnswer() {
        ReadOptions options = ReadOptionsParser.parse(name -> null, OURS, TOPICS);
        assertThat(options).isEqualTo(options("Other", "x"));
        assertThat(options.isForOwner()).isFalse();
        assertThat(options.atLeast()).isEmpty();
        assertThat(options.knownVersions()).isEmpty();
        assertThat(options.isAnyKnown()).isFalse();
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void onlyPositionsInTheTeamsPartitionCount() {
        assertThat(atLeast("actions-3@123")).isEqualTo(Map.of("actions", 123L));
        assertThat(atLeast("actions-3@125,periods-3@9")).isEqualTo(Map.of("actions", 125L, "periods", 9L));
        assertThat(atLeast(" actions-3@125 ,\tperiods-3@9 ")).isEqualTo(Map.of("actions", 125L, "periods", 9L));
        assertThat(atLeast("actions-3@125", "periods-3@9")).isEqualTo(Map.of("actions", 125L, "periods", 9L));
        assertThat(atLeast("actions-1@900,actions-3@5,periods-33@7,periods-13@7"))
                .isEqualTo(Map.of("actions", 5L));
        assertThat(atLeast("actions-3@0,periods-3@999999999999999999"))
                .isEqualTo(Map.of("actions", 0L, "periods", 999_999_999_999_999_999L));
    }

    @Test
    void theHighestPositionOfATopicCounts() {
        assertThat(atLeast("actions-3@7,actions-3@9,actions-3@8")).isEqualTo(Map.of("actions", 9L));
        assertThat(atLeast("actions-3@9", "actions-3@7")).isEqualTo(Map.of("actions", 9L));
    }

    @Test
    void aTopicNameMayLookLikeAPosition() {
        assertThat(atLeast("dev.eu_1-actions-1-3@5")).isEqualTo(Map.of("dev.eu_1-actions-1", 5L));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ",",
                "actions",
                "actions-3",
                "actions@5",
                "actions-3@",
                "-3@5",
                "actions-@5",
                "actions-3@-1",
                "actions--3@5@6",
                "actions-3@5x",
                "actions-3 @5",
                "actions-3@5;periods-3@6",
                "actions-3@5,",
                ",actions-3@5",
                "actions-3@5,nonsense",
                "nonsense,actions-3@5",
                "actions-3@1.5",
                "actions-3@0x5",
                "actions-3@\u0665",
                "\u00e4ctions-3@5",
                "actions-3@9223372036854775808",
                "actions-3@99999999999999999999",
                "actions-99999999999999999999@5",
                // of other partitions only
                "actions-1@5",
                "actions-1@5,periods-2@6",
                "actions-33@5",
                "actions-03@5"
            })
    void anInvalidPositionIs400WithTheTeamsPartition(String header) {
        assertThatThrownBy(() -> atLeast(header))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("Invalid View-At-Least. Your team's events are in partition 3: it must be"
                        + " topic-partition@offset with that partition, such as actions-3@123; several are separated"
                        + " by commas.");
    }

    @Test
    void oneInvalidHeaderAmongValidOnesIsRefused() {
        assertThatThrownBy(() -> atLeast("actions-3@5", "nonsense")).isInstanceOf(ApiError.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=10|10",
                "wait=0|0",
                "wait=30|30",
                "wait=31|30",
                "wait=999999999|30",
                "WAIT = 10|10",
                "wait=\"10\"|10",
                "respond-async, wait=10|10",
                "wait=1, wait=4|1",
                "respond-async;wait=10|5",
                "foo; wait=1, wait=7|7",
                "foo=\"a, wait=1\", wait=7|7",
                "foo=\"a\\\", wait=1\", wait=7|7",
                "wait=10;x=\"a,b\"|10",
                "wait=10; respond-async|10",
                // what is no number is as if it were not there
                "wait|5",
                "wait=|5",
                "wait=\"\"|5",
                "wait=-1|5",
                "wait=1.5|5",
                "wait=ten|5",
                "wait=10s|5",
                "await=10|5",
                "wait=10=10|5",
                "wait=x, wait=7|7",
                "respond-async|5",
                "''|5"
            })
    void preferSetsTheWaitFromZeroToThirtySeconds(String prefer, int seconds) {
        assertThat(options("Prefer", prefer).timeout()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void preferMayComeInSeveralHeaders() {
        assertThat(options("Prefer", "respond-async", "wait=12", "wait=3").timeout())
                .isEqualTo(Duration.ofSeconds(12));
    }

    @Test
    void entityTagsAreComparedWeakly() {
        assertThat(known("W/\"a-1\"")).containsExactly("a-1");
        assertThat(known("\"a-1\"")).containsExactly("a-1");
        assertThat(known("W/\"a-1\", \"b-2\",W/\"c-3\"")).containsExactlyInAnyOrder("a-1", "b-2", "c-3");
        assertThat(known(", \"a-1\" ,,\"b-2\",")).containsExactlyInAnyOrder("a-1", "b-2");
        assertThat(known("\"a,b\"", "W/\"c\"")).containsExactlyInAnyOrder("a,b", "c");
        assertThat(known("\"*\"")).containsExactly("*");
        assertThat(options("If-None-Match", "\"*\"").isAnyKnown()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a-1",
                "W/a-1",
                "'a-1'",
                "\"a-1",
                "a-1\"",
                "*, x",
                "foo\"a-1\"",
                "\"a-1\"x",
                "w/\"a-1\"",
                "\"a-1\" \"b\"",
                "x, \"a-1\"",
                "\"a 1\""
            })
    void invalidEntityTagsAreIgnored(String header) {
        assertThat(known(header)).isEmpty();
        assertThat(options("If-None-Match", header).isAnyKnown()).isFalse();
    }

    @Test
    void aStarMatchesEveryVersion() {
        assertThat(options("If-None-Match", " * ").isAnyKnown()).isTrue();
        assertThat(options("If-None-Match", "\"a\"", "*").isAnyKnown()).isTrue();
    }

    @Test
    void viewSourceAndPositionsRequireTheOwner() {
        assertThat(options("View-Source", " owner ").isOwnerRequired()).isTrue();
        assertThat(options("View-Source", "owner").isForOwner()).isTrue();
        ReadOptions position = options("View-At-Least", "actions-3@5");
        assertThat(position.isOwnerRequired()).isFalse();
        assertThat(position.isForOwner()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "standby", "Owner", "owner,owner", "owner, standby"})
    void anyOtherSourceIs400(String source) {
        assertThatThrownBy(() -> options("View-Source", source))
                .isInstanceOfSatisfying(
                        ApiError.class, error -> assertThat(error.status()).isEqualTo(400))
                .hasMessage("Invalid View-Source. It can only be owner.");
    }

    @Test
    void viewSourceMayComeOnlyOnce() {
        assertThatThrownBy(() -> options("View-Source", "owner", "owner")).isInstanceOf(ApiError.class);
    }

    @Test
    void positionsWaitAndKnownVersionsComeTogether() {
        Map<String, List<String>> headers = Map.of(
                "View-At-Least", List.of("actions-3@5"),
                "Prefer", List.of("wait=2"),
                "If-None-Match", List.of("W/\"a\""));
        ReadOptions options = ReadOptionsParser.parse(
                name -> Collections.enumeration(headers.getOrDefault(name, List.of())), OURS, TOPICS);
        assertThat(options.atLeast()).isEqualTo(Map.of("actions", 5L));
        assertThat(options.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.knownVersions()).containsExactly("a");
    }

    private static Map<String, Long> atLeast(String... headers) {
        return options("View-At-Least", headers).atLeast();
    }

    private static Iterable<String> known(String... headers) {
        return options("If-None-Match", headers).knownVersions();
    }

    private static ReadOptions options(String name, String... headers) {
        return ReadOptionsParser.parse(
                asked -> Collections.enumeration(asked.equals(name) ? List.of(headers) : List.of()), OURS, TOPICS);
    }
}
