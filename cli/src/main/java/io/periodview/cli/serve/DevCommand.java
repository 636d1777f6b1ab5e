package io.periodview.cli.serve;

import io.periodview.api.http.PortTaken;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.StopSignal;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code period-view dev}. */
@Command(
        name = "dev",
        description = {
            "Run all of it on this machine: a Kafka broker, the topics, the service, and a sample of three teams that"
                    + " keeps changing.",
            "Prints a line \"ready ...\" with the address and a key when all answer. Stops at Ctrl-C.",
        },
        footer = {
            "",
            "Examples:",
            "  period-view dev",
            "  period-view dev --no-sample --data ./data",
            "  period-view dev --instances 2",
        })
public final class DevCommand implements Callable<Integer> {

    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "The port of the API; further instances take the next ones. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            defaultValue = "9090",
            description =
                    "The port of health, metrics and status; further instances take the next ones. Default: ${DEFAULT-VALUE}")
    private int adminPort;

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
            description = "Instances of the service; 0 for only the broker and the topics. Default: ${DEFAULT-VALUE}")
    private int instances;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Keep everything there, for the next time. Default: a temporary folder, gone at exit")
    private @Nullable Path data;

    @Option(
            names = "--sample",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Publish a sample that keeps changing, or not. Default: publish it")
    private boolean sample;

    @Mixin
    private LogOptions log;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        log.use();
        require(instances >= 0, "--instances is " + instances + "; it is 0 or more.");
        require(port + instances - 1 <= LAST_PORT, "--port leaves no room for " + instances + " instances.");
        StopSignal stop = StopSignal.install();
        PrintWriter out = spec.commandLine().getOut();
        boolean withSample = sample && instances > 0;
        try (DevEnvironment box = DevEnvironment.start(new DevEnvironment.Settings(port, adminPort, brokerPort, instances, data, withSample))) {
            box.awaitReady(stop);
            box.readyLines().forEach(out::println);
            stop.await(box.failed());
            if (!stop.isReceived()) {
                throw new CommandFailedException(box.failed().join());
            }
            return 0;
        } catch (PortTaken e) {
            throw new CommandFailedException(e.getMessage() + " Choose others with --port and --admin-port.", e);
        } catch (ProvisioningException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (KafkaException e) {
            throw new CommandFailedException("The service cannot start: " + KafkaErrors.of(e), e);
        } catch (IOException e) {
            throw new CommandFailedException("The files of the service cannot be used: " + e, e);
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), otherwise);
        }
    }
}
