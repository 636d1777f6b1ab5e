package io.periodview.cli.serve;

import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import io.periodview.api.http.AdminSettings;
import io.periodview.api.http.PortTakenException;
import io.periodview.api.routing.AdvertisedAddressCheck;
import io.periodview.api.routing.InstanceSecret;
import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaErrors;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.AdminToken;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.StopSignal;
import io.periodview.cli.terminal.Usage;
import io.periodview.streams.StreamsSettings;
import io.periodview.streams.cluster.Rebuild;
import io.periodview.streams.localstate.DiskFullException;
import io.periodview.streams.localstate.StateDirectoryLockedException;
import io.periodview.topics.provisioning.ProvisioningException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code period-view serve}. */
@Command(
        name = "serve",
        description = "Run one instance of the service until SIGTERM or Ctrl-C.",
        footer = {
            "",
            "Examples:",
            "  period-view serve --bootstrap-servers kafka-1:9092,kafka-2:9092 --bind 0.0.0.0 --advertise 10.0.0.7:8080",
            "  period-view serve --port 8081 --admin-port 9091 --state-dir /var/lib/period-view-2",
        })
public final class ServeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);
    private static final Set<String> ANY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private InstanceOptions instances;

    @Option(
            names = "--bind",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "The address to listen on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
    private String bind = "";

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            description = "Where other instances reach this one's API. Default: --bind and --port, or this machine's"
                    + " name if --bind is any address")
    private @Nullable String advertise;

    @Option(
            names = "--admin-bind",
            paramLabel = "ADDRESS",
            description = "The address that the admin port listens on. Default: --bind")
    private @Nullable String adminBind;

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "A file with a token that requests on the admin port must have (Authorization: Bearer),"
                    + " those for /health excepted. Default: they need none")
    private @Nullable Path adminTokenFile;

    @Option(
            names = "--instance-secret-file",
            paramLabel = "FILE",
            description = "A file with a secret of 32 bytes or more, the same for all instances of the service: with it"
                    + " they prove to each other who they are. Without it this instance asks no other and answers"
                    + " none, so it must be the only one")
    private @Nullable Path secretFile;

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "period-view-state",
            description = "Where local state is kept; each instance has its own. Default: ${DEFAULT-VALUE}")
    private Path stateDir;

    @Option(
            names = "--standbys",
            paramLabel = "N",
            defaultValue = "1",
            description = "Standby replicas of each partition on other instances. Default: ${DEFAULT-VALUE}")
    private int standbys;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "2",
            description = "Threads that apply events. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "256m",
            converter = MemorySizeConverter.class,
            description = "For RocksDB's caches and write buffers, outside the JVM's heap, such as 512m or 2g."
                    + " Default: ${DEFAULT-VALUE}")
    private long memory;

    @Option(
            names = "--rebuild",
            description =
                    "Build the view anew from periods and actions: deletes its changelog and what its group has read."
                            + " All periodActionIds are new. No other instance may run")
    private boolean rebuild;

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            description = "Shared by the instances of one service. Default: the topic prefix and period-view")
    private @Nullable String applicationId;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        instances.useLogFormat();
        Usage.require(spec, threads > 0, "--threads is " + threads + "; it is 1 or more.");
        Usage.require(spec, standbys >= 0, "--standbys is " + standbys + "; it is 0 or more.");
        HostInfo advertised = advertise == null ? null : endpoint(advertise);
        StopSignal stop = StopSignal.install();
        KafkaCluster.connect(kafka).close(); // fails within ten seconds, in one line
        try (Instance instance =
                Instance.open(new ServerSettings(bind, instances.port(), admin(advertised), secret()))) {
            HostInfo self = advertised == null ? endpointOf(instance) : advertised;
            AdvertiseWatch.check(self, instance.id());
            StreamsSettings settings = new StreamsSettings(
                    kafka.applicationId(applicationId),
                    kafka.clientProperties(),
                    stateDir,
                    self,
                    threads,
                    standbys,
                    memory);
            FutureTask<Void> starting = new FutureTask<>(() -> start(instance, settings), null);
            CompletableFuture<Void> startEnded = CompletableFuture.runAsync(starting, task -> startThread(task));
            stop.await(startEnded, instance.fatalError());
            if (stop.isReceived()) {
                LOG.info("Stopping before it has started");
                return 0;
            }
            await(starting);
            LOG.info(
                    "Serving http://{}:{}, health, metrics and status on {}:{}, as {}:{} of {}",
                    bind,
                    instance.port(),
                    adminBind == null ? bind : adminBind,
                    instance.adminPort(),
                    self.host(),
                    self.port(),
                    settings.applicationId());
            stop.await(instance.fatalError());
            if (!stop.isReceived()) {
                throw terminated(instance.fatalError().join());
            }
            LOG.info("Stopping");
        } catch (AdvertisedAddressCheck.AddressTakenException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (PortTakenException e) {
            throw new CommandFailedException(
                    e.getMessage() + " Choose another with "
                            + (e.port() == instances.port() ? "--port." : "--admin-port."),
                    e);
        }
        return 0;
    }

    private AdminSettings admin(@Nullable HostInfo advertised) {
        String address = adminBind == null ? bind : adminBind;
        Set<String> names = new HashSet<>(List.of(bind, address));
        if (advertised != null) {
            names.add(advertised.host());
        }
        try {
            names.add(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            LOG.debug("This machine's name does not resolve", e);
        }
        return new AdminSettings(address, instances.adminPort(), names, AdminToken.read(adminTokenFile));
    }

    private @Nullable InstanceSecret secret() {
        if (secretFile == null) {
            return null;
        }
        try {
            return InstanceSecret.read(secretFile);
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The file " + secretFile + " of --instance-secret-file has no secret: " + e.getMessage(), e);
        }
    }

    private static CommandFailedException terminated(Throwable cause) {
        String reason = cause instanceof DiskFullException ? cause.getMessage() : KafkaErrors.reason(cause);
        return new CommandFailedException("The instance terminated: " + reason, cause);
    }

    /** Parses {@code --advertise}; other instances must be able to make a URL of it. */
    private HostInfo endpoint(String text) {
        try {
            URI uri = new URI("http://" + text);
            Usage.require(
                    spec,
                    uri.getHost() != null
                            && uri.getPort() > 0
                            && uri.getRawAuthority().equals(text),
                    "--advertise is " + text + ", not HOST:PORT with a host name (without _) or an address.");
            return new HostInfo(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort());
        } catch (URISyntaxException e) {
            throw new ParameterException(spec.commandLine(), "--advertise is " + text + ", not HOST:PORT.", e);
        }
    }

    private HostInfo endpointOf(Instance instance) {
        try {
            String host =
                    ANY_ADDRESS.contains(bind) ? InetAddress.getLocalHost().getHostName() : bind;
            return endpoint((host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + instance.port());
        } catch (UnknownHostException e) {
            throw new CommandFailedException("This machine's name does not resolve; set --advertise HOST:PORT.", e);
        }
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(task, "start");
        thread.setDaemon(true);
        thread.start();
    }

    private static void await(FutureTask<Void> starting) throws InterruptedException {
        try {
            starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailedException failed) {
                throw failed;
            }
            throw new IllegalStateException("The instance cannot start", e.getCause());
        }
    }

    private void start(Instance instance, StreamsSettings settings) {
        try {
            if (rebuild) {
                instance.rebuild(kafka.topics(), settings);
            }
            instance.start(kafka.topics(), settings, ExplicitSettings.of(spec, kafka.settings()));
        } catch (ProvisioningException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (Rebuild.InstancesRunningException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (ExecutionException e) {
            throw new CommandFailedException("The view cannot be rebuilt: " + KafkaErrors.reason(e), e);
        } catch (KafkaException e) {
            throw new CommandFailedException("The instance cannot start: " + KafkaErrors.reason(e), e);
        } catch (StateDirectoryLockedException e) {
            throw new CommandFailedException(
                    e.getMessage() + " Each instance needs its own: choose another with --state-dir.", e);
        } catch (DiskFullException e) {
            throw new CommandFailedException("The instance cannot start: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailedException("The state directory " + stateDir + " cannot be used: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
