package io.periodview.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The reference of the HTTP API is true to itself, and strict enough to find what must not be answered. */
class OpenApiTest {

    private static final String PERIOD =
            "{'id':1,'name':'P','start_date':'2024-07-18T18:30:00.000Z','end_date':null,'created_at':'2024-07-18T18:30:00.000Z',"
                    + "'updated_at':'2024-07-18T18:30:00.000Z','markers':[]}";

    private final JsonNode document = read();

    @Test
    void everyExampleIsValid() {
        List<String> checked = new ArrayList<>();
        document.get("paths")
                .forEach(path -> path.at("/get/responses").properties().forEach(response -> {
                    JsonNode content = response.getValue().at("/content/application~1json");
                    String name = content.at("/schema/$ref").asText().replaceAll(".*/", "");
                    content.path("examples").properties().forEach(example -> {
                        checked.add(response.getKey() + " " + example.getKey());
                        assertThat(schema(name)
                                        .validate(
                                                example.getValue().get("value").toString(), InputFormat.JSON))
                                .as(example.getKey())
                                .isEmpty();
                    });
                }));
        assertThat(checked)
                .contains("200 one", "200 open", "200 plain", "200 withFormFields", "400 periodId", "404 notFound");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    Periods | {}
                    Periods | {'periods':[{'id':1}]}
                    Periods | {'periods':[],'more':1}
                    Actions | {'actions':[],'notes':[]}
                    Actions | {'actions':null}
                    Actions | {'actions':[],'notes':[{'actionId':1,'missingFormFields':[]}]}
                    Error   | {'error':'no'}
                    Error   | {'message':'no','status':400}
                    Marker  | {'name':'M','timestamp':'2024-07-18T18:30:00Z'}
                    Marker  | {'name':'M','timestamp':null}
                    Id      | 0
                    Id      | '1'
                    """)
    void whatIsNoAnswerIsFound(String name, String json) {
        assertThat(schema(name).validate(json.replace('\'', '"'), InputFormat.JSON))
                .isNotEmpty();
    }

    @Test
    void aPeriodHasExactlyItsMembers() {
        String period = PERIOD.replace('\'', '"');
        assertThat(schema("Period").validate(period, InputFormat.JSON)).isEmpty();
        for (String member :
                document.at("/components/schemas/Period/required").toString().split("\\W+")) {
            assertThat(schema("Period").validate(period.replace('"' + member + '"', "\"other\""), InputFormat.JSON))
                    .as(member)
                    .satisfies(errors -> assertThat(errors.isEmpty()).isEqualTo(member.isEmpty()));
        }
    }

    @Test
    void everyRefusalHasItsHeader() {
        assertThat(document.at("/components/responses/Unauthorized/headers/WWW-Authenticate/schema/const")
                        .asText())
                .isEqualTo("Bearer");
        assertThat(document.at("/components/responses/MethodNotAllowed/headers").has("Allow"))
                .isTrue();
        assertThat(document.at("/components/responses/Unavailable/headers").has("Retry-After"))
                .isTrue();
    }

    /** A schema of the document's components, which refer to each other. */
    private Schema schema(String name) {
        String schema = "{\"$ref\":\"#/components/schemas/" + name + "\",\"components\":{\"schemas\":"
                + document.at("/components/schemas") + "}}";
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema, InputFormat.JSON);
    }

    private static JsonNode read() {
        try (InputStream file = OpenApiTest.class.getResourceAsStream("/io/periodview/api/openapi.yaml")) {
            return new YAMLMapper().readTree(file);
        } catch (IOException e) {
            throw new AssertionError("openapi.yaml", e);
        }
    }
}
