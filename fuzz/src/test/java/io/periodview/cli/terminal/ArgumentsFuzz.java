package io.periodview.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.fuzz.Property;
import io.periodview.topics.IsoTime;
import io.periodview.topics.RecordOffset;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What people and scripts write behind an option, or into the environment. */
public final class ArgumentsFuzz {

    private static final Instant NOW = Instant.ofEpochMilli(1_795_311_021_467L);
    private static final Map<Character, Duration> UNITS = Map.of(
            'm', Duration.ofMinutes(1), 'h', Duration.ofHours(1), 'd', Duration.ofDays(1), 'w', Duration.ofDays(7));

    private ArgumentsFuzz() {}

    @Command
    private static final class Options {
        @Option(names = "--topic-prefix", defaultValue = "none")
        private String single = "";

        @Option(names = "--kafka", split = EnvironmentDefaults.SEPARATOR)
        private List<String> repeated = new ArrayList<>();
    }

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, UTF_8);
        time(text);
        offset(text);
        if (text.indexOf('\0') < 0) { // neither arguments nor the environment can have it
            environment(text);
        }
    }

    private static void time(String text) {
        Instant expected = null;
        OptionalLong absolute = IsoTime.parse(text);
        if (absolute.isPresent()) {
            expected = Instant.ofEpochMilli(absolute.getAsLong());
        } else if (text.matches("[0-9]{1,6}[mhdw]")) {
            int digits = text.length() - 1;
            Duration unit = Property.found(UNITS.get(text.charAt(digits)), "The unit");
            expected = NOW.plus(unit.multipliedBy(Long.parseLong(text.substring(0, digits))));
        }
        Property.equal(expected, after(text), "The time " + text);
        if (expected != null && absolute.isEmpty()) {
            Property.equal(
                    Duration.between(NOW, expected),
                    Duration.between(TimeArgument.before(NOW, text), NOW),
                    "The time before");
        }
    }

    private static @Nullable Instant after(String text) {
        try {
            return TimeArgument.after(NOW, text);
        } catch (TypeConversionException e) {
            return null;
        }
    }

    private static void offset(String text) {
        RecordOffset parsed = RecordOffset.parse(text);
        if (parsed != null) {
            Property.equal(text, parsed.toString(), "The offset, written again");
        }
        int at = text.lastIndexOf('@');
        int dash = at < 0 ? -1 : text.lastIndexOf('-', at);
        boolean expected = dash > 0
                && text.substring(0, dash)
                        .chars()
                        .allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "._-".indexOf(c) >= 0))
                && text.substring(dash + 1, at).matches("0|[1-9][0-9]{0,8}")
                && text.substring(at + 1).matches("0|[1-9][0-9]{0,17}");
        Property.equal(expected, parsed != null, "Whether this is an offset: " + text);
    }

    /** What the environment says is what an argument would say. */
    private static void environment(String text) {
        Options options;
        try {
            options = parse(Map.of("PERIOD_VIEW_TOPIC_PREFIX", text, "PERIOD_VIEW_KAFKA", text));
        } catch (MissingParameterException e) {
            // Where an option seems to be missing its value, picocli says so, and takes nothing for it.
            Property.holds(text.lines().anyMatch(line -> line.strip().startsWith("--")), "Refused: " + e);
            return;
        }
        Property.equal(text.isBlank() ? "none" : text, options.single, "The option from the environment");
        List<String> lines =
                text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        Property.equal(lines, options.repeated, "The options from the environment");
        if (!text.isBlank()) {
            Options arguments = parse(Map.of(), "--topic-prefix=" + text, "--kafka=" + text);
            Property.equal(text, arguments.single, "The option from the arguments");
            Property.equal(List.of(text), arguments.repeated, "The options from the arguments");
        }
    }

    private static Options parse(Map<String, String> environment, String... arguments) {
        Options options = new Options();
        new EnvironmentDefaults(environment).addTo(new CommandLine(options)).parseArgs(arguments);
        return options;
    }
}
