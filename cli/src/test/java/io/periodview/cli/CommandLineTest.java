package io.periodview.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.EnvironmentDefaults;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

class CommandLineTest {

    private final Map<String, String> environment = new HashMap<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandHasHelpAndExamples(List<String> command) {
        assertThat(run(Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new)))
                .isZero();
        assertThat(out.toString())
                .startsWith(String.join(
                        " ",
                        Stream.concat(Stream.of("Usage: period-view"), command.stream())
                                .toList()))
                .containsPattern("(?m)^Examples?:$")
                .contains("--help", "--version", "--debug");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandShowsTheVersion(List<String> command) {
        assertThat(run(Stream.concat(command.stream(), Stream.of("--version")).toArray(String[]::new)))
                .isZero();
        assertThat(out.toString()).matches("period-view \\d+\\.\\d+\\.\\d+\\S*\\R");
    }

    static Stream<List<String>> commands() {
        return pathsOf(
                new CommandLineRunner(Map.of(), writer(new StringWriter()), writer(new StringWriter()))
                        .commandLine(new PeriodViewCommand()),
                List.of());
    }

    private static Stream<List<String>> pathsOf(CommandLine commandLine, List<String> path) {
        return Stream.concat(
                Stream.of(path),
                commandLine.getSubcommands().entrySet().stream()
                        .flatMap(sub -> pathsOf(
                                sub.getValue(),
                                Stream.concat(path.stream(), Stream.of(sub.getKey()))
                                        .toList())));
    }

    @Test
    void wrongUsageIsStatusTwoAndPointsToHelp() {
        assertThat(run("keys", "create", "--team", "seven", "--name", "n")).isEqualTo(2);
        assertThat(err.toString()).isEqualToNormalizingNewlines("""
                        period-view: Invalid value for option '--team': 'seven' is not a long
                        Try 'period-view keys create --help'.
                        """);
        assertThat(run()).isEqualTo(2);
        assertThat(run("keys")).isEqualTo(2);
        assertThat(run("keys", "create")).isEqualTo(2);
        assertThat(run("keys", "list", "--what")).isEqualTo(2);
        assertThat(run("keys", "create", "--team", "0", "--name", "n")).isEqualTo(2);
        assertThat(run("keys", "create", "--team", "7", "--name", "n", "--expires", "2020-01-01T00:00:00Z"))
                .isEqualTo(2);
        assertThat(run("keys", "create", "--team", "7", "--name", "n", "--expires", "tomorrow"))
                .isEqualTo(2);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aWrongValueFromTheEnvironmentNamesTheVariable() {
        environment.put("PERIOD_VIEW_TEAM", "seven");

        assertThat(run("keys", "create", "--name", "n")).isEqualTo(2);
        assertThat(err.toString()).contains("'seven' is not a long (from the environment: PERIOD_VIEW_TEAM)");
    }

    @Test
    void aFailureIsStatusOneAndOneLine() {
        assertThat(run("produce", "no such file")).isEqualTo(1);
        assertThat(err.toString()).isEqualToNormalizingNewlines("period-view: There is no file no such file.\n");
    }

    @Test
    void namesAnUnreachableBrokerInOneLine() {
        // A port that refuses connections: nothing listens on 1.
        assertThat(run("keys", "list", "--bootstrap-servers", "127.0.0.1:1")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("period-view: No Kafka broker answers at 127.0.0.1:1 ")
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void explainsASettingThatKafkaRefusesInOneLine() {
        assertThat(run("keys", "list", "--kafka", "security.protocol=NONE")).isEqualTo(1);
        assertThat(err.toString())
                .contains("Invalid value NONE for configuration security.protocol")
                .hasLineCount(1);
    }

    @Test
    void showsAStackTraceOnlyWithDebug() {
        assertThat(run("--debug", "keys", "list", "--kafka", "security.protocol=NONE"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("\tat ", "Caused by: ");
    }

    @Test
    void argumentsOverrideTheEnvironmentWhichOverridesDefaults() {
        assertThat(parse().kafka.bootstrapServers()).isEqualTo("127.0.0.1:9092");
        environment.put("PERIOD_VIEW_BOOTSTRAP_SERVERS", "a:1");
        environment.put("PERIOD_VIEW_TOPIC_PREFIX", "");
        assertThat(parse().kafka.bootstrapServers()).isEqualTo("a:1");
        assertThat(parse().kafka.topics().periods()).isEqualTo("periods");
        assertThat(parse("--bootstrap-servers", "b:2").kafka.bootstrapServers()).isEqualTo("b:2");
    }

    @Test
    void flagsCanBeSetBothWays() {
        assertThat(parse().sample).isTrue();
        environment.put("PERIOD_VIEW_SAMPLE", "false");
        assertThat(parse().sample).isFalse();
        assertThat(parse("--sample").sample).isTrue();
        environment.put("PERIOD_VIEW_SAMPLE", "true");
        assertThat(parse().sample).isTrue();
        assertThat(parse("--no-sample").sample).isFalse();
    }

    @Test
    void helpAndVersionAreNotReadFromTheEnvironment() {
        environment.put("PERIOD_VIEW_VERSION", "0.1.0");
        environment.put("PERIOD_VIEW_HELP", "true");

        assertThat(run("produce", "no such file")).isEqualTo(1);
    }

    @Test
    void debugCanBeSetByTheEnvironment() {
        environment.put("PERIOD_VIEW_DEBUG", "true");

        assertThat(run("produce", "no such file")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void anyKafkaSettingPassesThrough() {
        environment.put("PERIOD_VIEW_KAFKA", "security.protocol=SSL\n\n sasl.jaas.config=x required a=\"b=c\";\r\n");
        assertThat(parse().kafka.clientProperties())
                .containsEntry("security.protocol", "SSL")
                .containsEntry("sasl.jaas.config", "x required a=\"b=c\";");

        KafkaOptions options = parse("--kafka", "acks=1", "--kafka", "ssl.key=line 1\nline 2").kafka;
        assertThat(options.clientProperties())
                .containsEntry("ssl.key", "line 1\nline 2")
                .containsEntry("bootstrap.servers", "127.0.0.1:9092")
                .doesNotContainKey("security.protocol");
        assertThat(options.producerProperties()).containsEntry("acks", "1");
        assertThat(options.consumerProperties())
                .containsEntry("isolation.level", "read_committed")
                .doesNotContainKey("group.id");
    }

    @Test
    void theEnvironmentIsTakenAsItStandsThere() {
        environment.put("PERIOD_VIEW_TOPIC_PREFIX", "${");
        environment.put("PERIOD_VIEW_KAFKA", "ssl.key.password=a\"${env:HOME}$${x}\nsasl.jaas.config=b\"");

        KafkaOptions options = parse().kafka;
        assertThat(options.topics().actions()).isEqualTo("${actions");
        assertThat(options.settings())
                .containsEntry("ssl.key.password", "a\"${env:HOME}$${x}")
                .containsEntry("sasl.jaas.config", "b\"");
    }

    /** Picocli's warnings about quotation marks repeat the value. */
    @Test
    void noWarningShowsAPassword() {
        environment.put("PERIOD_VIEW_KAFKA", "ssl.key.password=a\"secret");

        assertThat(run("produce", "no such file")).isEqualTo(1);
        assertThat(CommandLine.tracer().isWarn()).isFalse();
    }

    @Test
    void helpShowsDefaults() {
        environment.put("PERIOD_VIEW_STATE_DIR", "a$${b}");

        assertThat(run("serve", "--help")).isZero();
        assertThat(out.toString()).contains("The port of the API. Default: 8080", "Default: a$${b}");
        assertThat(out.toString().replace("a$${b}", "")).doesNotContain("${");
    }

    @Test
    void helpDoesNotShowSettingsFromTheEnvironment() {
        environment.put("PERIOD_VIEW_KAFKA", "sasl.jaas.config=secret");

        assertThat(run("produce", "--help")).isZero();
        assertThat(out.toString()).doesNotContain("secret");
    }

    private int run(String... arguments) {
        return new CommandLineRunner(environment, writer(out), writer(err)).run(arguments);
    }

    private static PrintWriter writer(StringWriter text) {
        return new PrintWriter(text, true);
    }

    private Options parse(String... arguments) {
        Options options = new Options();
        new EnvironmentDefaults(environment).addTo(new CommandLine(options)).parseArgs(arguments);
        return options;
    }

    @Command
    private static final class Options {

        @Mixin
        private KafkaOptions kafka;

        @Option(names = "--sample", negatable = true, defaultValue = "true", fallbackValue = "true")
        private boolean sample;
    }
}
