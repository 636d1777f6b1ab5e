package io.periodview.cli.deadletters;

import io.periodview.cli.terminal.TimeArgument;
import io.periodview.topics.Rejection;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Selects the dead letters that match all of these options. */
final class LetterFilter {

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            converter = TopicConverter.class,
            description = "Only events that came from this topic: periods or actions.")
    private @Nullable String topic;

    @Option(names = "--team", paramLabel = "ID", description = "Only events whose key names this team.")
    private @Nullable Long team;

    @Option(
            names = "--code",
            paramLabel = "CODE",
            converter = CodeConverter.class,
            description = "Only events rejected with this code, such as invalid-value.")
    private @Nullable String code;

    @Option(
            names = "--since",
            paramLabel = "WHEN",
            converter = SinceConverter.class,
            description = "Only events rejected then or later: a time in ISO 8601 with an offset, or how long ago in"
                    + " minutes, hours, days or weeks (30m, 12h, 7d, 4w).")
    private @Nullable Instant since;

    /** Whether it matches everything. */
    boolean isEmpty() {
        return topic == null && team == null && code == null && since == null;
    }

    /** Milliseconds since the epoch before which nothing matches; 0 if there is no such time. */
    long since() {
        return since == null ? 0 : Math.max(0, since.toEpochMilli());
    }

    boolean matches(DeadLetterRecord letter) {
        return (topic == null || topic.equals(letter.topic()))
                && (team == null || team.equals(letter.team()))
                && (code == null
                        || (letter.rejection() != null
                                && code.equals(letter.rejection().code())))
                && (since == null || letter.timestamp() >= since.toEpochMilli());
    }

    private static final class TopicConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!text.equals("periods") && !text.equals("actions")) {
                throw new TypeConversionException("'" + text + "' is neither periods nor actions");
            }
            return text;
        }
    }

    private static final class CodeConverter implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (Arrays.stream(Rejection.Code.values())
                    .noneMatch(code -> code.toString().equals(text))) {
                throw new TypeConversionException("'" + text + "' is none of "
                        + Arrays.stream(Rejection.Code.values())
                                .map(Rejection.Code::toString)
                                .collect(Collectors.joining(", ")));
            }
            return text;
        }
    }

    private static final class SinceConverter implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return TimeArgument.before(Instant.now(), text);
        }
    }
}
