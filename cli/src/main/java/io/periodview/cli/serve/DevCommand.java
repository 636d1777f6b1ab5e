package io.periodview.cli.serve;

import io.periodview.api.http.PortTakenException;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.StopSignal;
import io.periodview.cli.terminal.Usage;
import io.periodview.topics.provisioning.ProvisioningException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code period-view dev}. */
@Command(
        name = "dev",
        description = {
            "Run everything on this machine: a Kafka broker, the topics, the service, and a sample of three teams that"
                    + " keeps changing.",
            "Prints a line \"ready ...\" with the address and an API key when everything is up. Stops at Ctrl-C.",
        },
        footer = {
            "",
            "Examples:",
            "  period-view dev",
            "  period-view dev --no-sample --data ./data",
            "  period-view dev --instances 2",
        })
public final class DevCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;

    @Mixin
    private InstanceOptions ports;

    @Option(
            names = "--broker-port",
            paramLabel = "PORT",
            defaultValue = "9092",
            description = "The port of the Kafka broker. Default: ${DEFAULT-VALUE}")
    private int brokerPort;

    @Option(
            names = "--instances",
            paramLabel = "N",
            defaultValue = "1",
            description =
                    "Instances of the service, each on the next port and admin port; 0 for only the broker and the"
                            + " topics. Default: ${DEFAULT-VALUE}")
    private int instances;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep all data there for the next start. Default: a temporary folder, deleted at exit")
    private @Nullable Path data;

    @Option(
            names = "--sample",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Publish a sample that keeps changing. Default: yes")
    private boolean sample;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ports.useLogFormat();
        Usage.require(spec, instances >= 0, "--instances is " + instances + "; it is 0 or more.");
        Usage.require(
                spec,
                ports.port() + instances - 1 <= MAX_PORT,
                "--port leaves no room for " + instances + " instances.");
        StopSignal stop = StopSignal.install();
        PrintWriter out = spec.commandLine().getOut();
        boolean withSample = sample && instances > 0;
        DevEnvironment.Settings settings =
                new DevEnvironment.Settings(ports.port(), ports.adminPort(), brokerPort, instances, data, withSample);
        try (DevEnvironment environment = DevEnvironment.start(settings)) {
            environment.awaitReady(stop);
            environment.readyLines().forEach(out::println);
            stop.await(environment.failed());
            if (!stop.isReceived()) {
                throw new CommandFailedException(environment.failed().join());
            }
            return 0;
        } catch (PortTakenException e) {
            throw new CommandFailedException(e.getMessage() + " Choose others with --port and --admin-port.", e);
        } catch (ProvisioningException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new CommandFailedException("The service cannot start: " + KafkaErrors.reason(e), e);
        } catch (IOException e) {
            throw new CommandFailedException("The files of the service cannot be used: " + e, e);
        }
    }
}
