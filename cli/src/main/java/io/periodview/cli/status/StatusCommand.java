package io.periodview.cli.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.periodview.cli.terminal.AdminToken;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code period-view status}. */
@Command(
        name = "status",
        description = {
            "Show the state of an instance: health, versions, settings that are not the default, which instance owns which"
                    + " partition, and the lag of those that this one has.",
            "Exit status: 0 shown, healthy or not; 1 the instance cannot be asked.",
        },
        footer = {
            "",
            "Examples:",
            "  period-view status",
            "  period-view status --admin 10.0.0.7:9090 --topology",
            "  period-view status --json | jq .instance.ready",
        })
public final class StatusCommand implements Callable<Integer>, OneShot {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Option(
            names = "--admin",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:9090",
            description = "The admin port of the instance, or its URL. Default: ${DEFAULT-VALUE}")
    private String admin = "";

    @Option(
            names = "--admin-token-file",
            paramLabel = "FILE",
            description = "The file with the token that the instance was started with, if it has one.")
    private @Nullable Path adminTokenFile;

    @Option(names = "--topology", description = "Show the topology of Kafka Streams as well.")
    private boolean topology;

    @Option(names = "--json", description = "Print the answer of GET /status unchanged.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        URI uri = uri();
        String body = ask(uri);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(body);
            return 0;
        }
        JsonNode status = parsed(uri, body);
        StatusFormatter.lines(status).forEach(out::println);
        if (topology) {
            out.println();
            out.println(status.path("topology").asText("").stripTrailing());
        }
        out.flush();
        return 0;
    }

    private URI uri() {
        try {
            URI base = new URI(admin.contains("://") ? admin : "http://" + admin);
            if (base.getHost() == null
                    || !(base.getScheme().equals("http") || base.getScheme().equals("https"))) {
                throw notAnAddress(new URISyntaxException(admin, "no host"));
            }
            return base.resolve(base.getPath().endsWith("/") ? "status" : base.getPath() + "/status");
        } catch (URISyntaxException e) {
            throw notAnAddress(e);
        }
    }

    private ParameterException notAnAddress(URISyntaxException cause) {
        return new ParameterException(
                spec.commandLine(),
                "--admin is " + admin + ", not HOST:PORT or a URL such as http://10.0.0.7:9090.",
                cause);
    }

    private String ask(URI uri) throws InterruptedException {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
        String token = AdminToken.read(adminTokenFile);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new CommandFailedException(
                    "No instance answers at " + uri + ". Its admin port is 9090 unless --admin-port says otherwise.",
                    e);
        }
        if (response.statusCode() == 401) {
            throw new CommandFailedException(uri + " asks for a token: name its file with --admin-token-file.");
        }
        if (response.statusCode() != 200) {
            throw new CommandFailedException(uri + " answers " + response.statusCode()
                    + ". Is it the admin port of an instance (9090), rather than its API's?");
        }
        return response.body();
    }

    private static JsonNode parsed(URI uri, String body) {
        try {
            JsonNode status = new JsonMapper().readTree(body);
            if (status.path("instance").isObject()) {
                return status;
            }
        } catch (JsonProcessingException e) {
            throw notOurs(uri, e);
        }
        throw notOurs(uri, new IllegalArgumentException(body));
    }

    private static CommandFailedException notOurs(URI uri, Exception cause) {
        return new CommandFailedException("What answers at " + uri + " is not an instance of Period View.", cause);
    }
}
