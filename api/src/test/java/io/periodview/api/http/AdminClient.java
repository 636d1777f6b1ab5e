package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.periodview.api.Instance;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks an instance at its port for operators. Thread-safe. */
final class AdminClient {

    private static final JsonNode SCHEMAS = schemas();

    private final Client client;

    AdminClient(Instance instance) {
        this(instance.adminPort());
    }

    AdminClient(int port) {
        this.client = new Client(port);
    }

    Reply get(String path) {
        return send("GET", path, null);
    }

    /** The answer, which must have the form that the reference of the operators' API says. */
    JsonNode get(String path, String schema) {
        JsonNode answer = get(path).json();
        validate(schema, answer);
        return answer;
    }

    Reply send(String method, String path, @Nullable String body) {
        return send(method, path, body, body == null ? List.of() : List.of("Content-Type: application/json"));
    }

    /** @param headers whole lines */
    Reply send(String method, String path, @Nullable String body, List<String> headers) {
        String more = headers.stream().map(line -> line + "\r\n").collect(Collectors.joining());
        boolean hasHost = headers.stream().anyMatch(line -> line.startsWith("Host:"));
        String request =
                method + " " + path + " HTTP/1.1\r\n" + (hasHost ? "" : "Host: x\r\n") + more + "Connection: close\r\n"
                        + (body == null ? "" : "Content-Length: " + body.length() + "\r\n") + "\r\n"
                        + (body == null ? "" : body);
        return client.send(method, request.getBytes(UTF_8));
    }

    /** @param schema the name of a schema of the reference */
    static void validate(String schema, JsonNode answer) {
        String text = "{\"$ref\":\"#/components/schemas/" + schema + "\",\"components\":{\"schemas\":" + SCHEMAS + "}}";
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(text, InputFormat.JSON)
                        .validate(answer.toString(), InputFormat.JSON))
                .as("%s", answer)
                .isEmpty();
    }

    private static JsonNode schemas() {
        try (InputStream file = AdminClient.class.getResourceAsStream("/io/periodview/api/admin.yaml")) {
            return new YAMLMapper().readTree(file).at("/components/schemas");
        } catch (IOException e) {
            throw new AssertionError("admin.yaml", e);
        }
    }
}
