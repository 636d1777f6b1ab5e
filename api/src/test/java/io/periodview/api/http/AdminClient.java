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
import org.jspecify.annotations.Nullable;

/** Asks an instance at its port for operators. Thread-safe. */
final class AdminClient {

    private static final JsonNode SCHEMAS = schemas();

    private final Client client;

    AdminClient(Instance instance) {
        this.client = new Client(instance.adminPort());
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
        String request = method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
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
