package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Validates answers against the OpenAPI document: status, headers, body. Thread-safe. */
final class OpenApi {

    private static final String PERIODS = "/periods";
    private static final String ACTIONS = "/periods/{period_id}/actions";

    private final JsonNode document;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi read() {
        try (InputStream file = OpenApi.class.getResourceAsStream("/io/periodview/api/openapi.yaml")) {
            return new OpenApi(new YAMLMapper().readTree(file));
        } catch (IOException e) {
            throw new AssertionError("openapi.yaml", e);
        }
    }

    /** @param target of the request, with its query */
    void check(String method, String target, Reply reply) {
        JsonNode response = response(target, reply.status());
        response.path("headers").properties().forEach(header -> check(header.getKey(), header.getValue(), reply));
        if (reply.status() == 304) {
            assertThat(reply.body()).isEmpty();
            return;
        }
        assertThat(reply.header("Content-Type"))
                .as("%s", reply)
                .hasValueSatisfying(
                        type -> assertThat(type).isIn("application/json", "application/json;charset=utf-8"));
        if (!method.equals("HEAD")) {
            JsonNode schema = response.at("/content/application~1json/schema");
            assertThat(schema(schema).validate(reply.text(), InputFormat.JSON))
                    .as("%s", reply)
                    .isEmpty();
            if (reply.header("Transfer-Encoding").isEmpty()) {
                assertThat(reply.header("Content-Length")).hasValue(Integer.toString(reply.body().length));
            }
        }
    }

    private void check(String name, JsonNode referenced, Reply reply) {
        JsonNode header = followed(referenced);
        if (header.path("required").asBoolean()) {
            assertThat(reply.header(name)).as("%s of %s", name, reply).isPresent();
        }
        reply.header(name)
                .ifPresent(value -> assertThat(schema(header.get("schema"))
                                .validate('"' + value.replace("\"", "\\\"") + '"', InputFormat.JSON))
                        .as("%s: %s", name, value)
                        .isEmpty());
    }

    private JsonNode followed(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    /** The response of this status at this path; the default, if the document does not have them. */
    private JsonNode response(String target, int status) {
        String path = target.replaceFirst("\\?.*", "");
        String template = path.matches("/periods/[^/]*/actions") ? ACTIONS : PERIODS;
        boolean known = template.equals(ACTIONS) || path.equals(PERIODS);
        JsonNode responses = document.path("paths").path(template).at("/get/responses");
        String name = known && responses.has(Integer.toString(status)) ? Integer.toString(status) : "default";
        assertThat(status < 400 && name.equals("default"))
                .as("%s answered with %s", target, status)
                .isFalse();
        return followed(responses.get(name));
    }

    private Schema schema(JsonNode schema) {
        return schemas.computeIfAbsent(
                schema.toString(),
                text -> SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                ("{\"allOf\":[" + text + "],\"$defs\":" + document.at("/components/schemas") + "}")
                                        .replace("#/components/schemas/", "#/$defs/"),
                                InputFormat.JSON));
    }
}
