package io.periodview.cli.serve;

import io.periodview.api.logging.LogFormat;
import picocli.CommandLine.Option;

/** What every command that runs instances has: their ports and their log. */
final class InstanceOptions {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port of the API. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description = "The port of health, metrics and status. Default: ${DEFAULT-VALUE}")
    private int adminPort;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            converter = LogFormatConverter.class,
            description = "Of the log, which goes to stderr: text, or json, one object per line."
                    + " Default: ${DEFAULT-VALUE}")
    private LogFormat logFormat = LogFormat.TEXT;

    int port() {
        return port;
    }

    int adminPort() {
        return adminPort;
    }

    void useLogFormat() {
        logFormat.use();
    }
}
