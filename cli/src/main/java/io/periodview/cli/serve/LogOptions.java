package io.periodview.cli.serve;

import io.periodview.api.logging.LogFormat;
import picocli.CommandLine.Option;

/** How the log looks: a mixin of every command that runs for long. */
final class LogOptions {

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = LogFormatConverter.class,
            description = "What is logged, to stderr: text for people, or json, an object a line."
                    + " Default: ${DEFAULT-VALUE}")
    private LogFormat format = LogFormat.TEXT;

    void use() {
        format.use();
    }
}
