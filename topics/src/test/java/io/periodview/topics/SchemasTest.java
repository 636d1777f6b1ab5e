package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What producers are told and what the service does are the same: every case goes to the schema and to the parser. */
class SchemasTest {

    private static final EventKey KEY = new EventKey(7, 1);

    private final Published period = new Published(
            "period-event.json", key -> value -> PeriodEvent.parse(key, value) instanceof ParseResult.Parsed);
    private final Published action = new Published(
            "action-event.json", key -> value -> ActionEvent.parse(key, value) instanceof ParseResult.Parsed);

    @Test
    void theExamplesInTheSchemasAreEvents() throws IOException {
        for (JsonNode example : period.examples()) {
            period.accepts(KEY, example.toString());
        }
        for (JsonNode example : action.examples()) {
            action.accepts(new EventKey(7, 91011), example.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'name':'','start_date':'2024-07-18T18:30:00.000Z'}",
                "{'id':1,'name':'P','start_date':'2024-07-18T18:30:00.000Z'}",
                "{'id':1.0,'name':'P','start_date':'2024-07-18T18:30:00.000Z'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','end_date':null,'created_at':null,'updated_at':null,'markers':null}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':[]}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':{'name':'M','timestamp':'2024-07-18T18:40:00Z'}}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':[{'name':'M','timestamp':'2024-07-18T18:40:00Z','colour':1}]}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','colour':{'of':['anything',1]}}"
            })
    void periodsThatAreTaken(String json) {
        period.accepts(KEY, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "null",
                "{}",
                "{'name':'P'}",
                "{'name':'P','start_date':null}",
                "{'name':null,'start_date':'2024-07-18T18:30:00Z'}",
                "{'name':1,'start_date':'2024-07-18T18:30:00Z'}",
                "{'name':'P','start_date':1721327400000}",
                "{'id':'1','name':'P','start_date':'2024-07-18T18:30:00Z'}",
                "{'id':null,'name':'P','start_date':'2024-07-18T18:30:00Z'}",
                "{'id':0,'name':'P','start_date':'2024-07-18T18:30:00Z'}",
                "{'id':1.5,'name':'P','start_date':'2024-07-18T18:30:00Z'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','end_date':''}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','created_at':false}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','updated_at':'yesterday'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':'M'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':[null]}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':[{'name':'M'}]}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':{'timestamp':'2024-07-18T18:30:00Z'}}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','markers':[{'name':null,'timestamp':'2024-07-18T18:30:00Z'}]}"
            })
    void periodsThatAreRejected(String json) {
        period.rejects(KEY, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'createdTime':'2024-08-02T12:23:05.471Z'}",
                "{'actionId':1,'createdTime':'2024-08-02T12:23:05.471Z','classification':null,'subClassification':null,"
                        + "'status':null,'assignedTime':null,'doingTime':null,'closedTime':null,'createdByUserName':null,"
                        + "'assignedUserNames':null,'channel':null,'formType':null,'latestChannel':null,'aiDispatched':null,"
                        + "'formFields':null}",
                "{'createdTime':'2024-08-02T12:23:05Z','assignedUserNames':[],'formFields':{}}",
                "{'createdTime':'2024-08-02T12:23:05Z','formFields':{'':null,'a':[{}],'b':1e400,'c':'x','d':true}}",
                "{'createdTime':'2024-08-02T12:23:05Z','aiDispatched':true,'more':[]}"
            })
    void actionsThatAreTaken(String json) {
        action.accepts(KEY, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'text'",
                "{}",
                "{'createdTime':null}",
                "{'createdTime':'2024-08-02'}",
                "{'actionId':'1','createdTime':'2024-08-02T12:23:05Z'}",
                "{'actionId':-1,'createdTime':'2024-08-02T12:23:05Z'}",
                "{'createdTime':'2024-08-02T12:23:05Z','classification':1}",
                "{'createdTime':'2024-08-02T12:23:05Z','subClassification':[]}",
                "{'createdTime':'2024-08-02T12:23:05Z','status':{}}",
                "{'createdTime':'2024-08-02T12:23:05Z','assignedTime':'soon'}",
                "{'createdTime':'2024-08-02T12:23:05Z','doingTime':0}",
                "{'createdTime':'2024-08-02T12:23:05Z','closedTime':false}",
                "{'createdTime':'2024-08-02T12:23:05Z','createdByUserName':true}",
                "{'createdTime':'2024-08-02T12:23:05Z','assignedUserNames':'One'}",
                "{'createdTime':'2024-08-02T12:23:05Z','assignedUserNames':[null]}",
                "{'createdTime':'2024-08-02T12:23:05Z','channel':1}",
                "{'createdTime':'2024-08-02T12:23:05Z','formType':1}",
                "{'createdTime':'2024-08-02T12:23:05Z','latestChannel':1}",
                "{'createdTime':'2024-08-02T12:23:05Z','aiDispatched':'false'}",
                "{'createdTime':'2024-08-02T12:23:05Z','aiDispatched':0}",
                "{'createdTime':'2024-08-02T12:23:05Z','formFields':[]}"
            })
    void actionsThatAreRejected(String json) {
        action.rejects(KEY, json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-07-18T18:30:00.000Z",
                "2024-07-18T18:30:00Z",
                "2024-07-18T18:30Z",
                "2024-07-18t18:30:00z",
                "2024-07-18T18:30:00.123456789012Z",
                "2024-07-18T18:30:00,5Z",
                "2024-07-18T20:30:00+02:00",
                "2024-07-18T20:30:00+0200",
                "2024-07-18T20:30:00+02",
                "2024-07-18T18:30:00-00:00",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999Z"
            })
    void timesThatAreTaken(String time) {
        action.accepts(KEY, "{'createdTime':'" + time + "'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2024-07-18T18:30:00",
                "2024-07-18",
                "2024-07-18 18:30:00Z",
                "18.07.2024 18:30",
                "2024-13-18T18:30:00Z",
                "2024-07-32T18:30:00Z",
                "2024-07-18T24:00:00Z",
                "2024-07-18T18:60:00Z",
                "2024-07-18T18:30:60Z",
                "2024-07-18T18:30:00.Z",
                "2024-07-18T18:30:00+24:00",
                "2024-07-18T18:30:00+2",
                "2024-07-18T18:30:00+02:",
                "12024-07-18T18:30:00Z",
                " 2024-07-18T18:30:00Z",
                "2024-07-18T18:30:00Z ",
                "2024-7-18T18:30:00Z",
                "2024-W29-4T18:30:00Z",
                "٢٠٢٤-07-18T18:30:00Z"
            })
    void timesThatAreRejected(String time) {
        action.rejects(KEY, "{'createdTime':'" + time + "'}");
    }

    /** The rules that the schemas' descriptions state in words. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'id':2,'name':'P','start_date':'2024-07-18T18:30:00Z'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','end_date':'2024-07-18T18:30:00Z'}",
                "{'name':'P','start_date':'2024-07-18T18:30:00Z','end_date':'2024-07-18T20:00:00+02:00'}",
                "{'name':'P','start_date':'2024-02-30T18:30:00Z'}"
            })
    void whatASchemaCannotSayIsRejectedByTheParser(String json) {
        String event = json.replace('\'', '"');
        assertThat(period.isValid(event)).isTrue();
        assertThat(period.isTaken(KEY, event)).isFalse();
    }

    private record Published(String name, Function<EventKey, Function<byte[], Boolean>> parser) {

        void accepts(EventKey key, String json) {
            String event = json.replace('\'', '"');
            assertThat(isValid(event)).as("valid by the schema").isTrue();
            assertThat(isTaken(key, event)).as("taken by the parser").isTrue();
        }

        void rejects(EventKey key, String json) {
            String event = json.replace('\'', '"');
            assertThat(isValid(event)).as("valid by the schema").isFalse();
            assertThat(isTaken(key, event)).as("taken by the parser").isFalse();
        }

        boolean isTaken(EventKey key, String event) {
            return parser.apply(key).apply(event.getBytes(UTF_8));
        }

        boolean isValid(String event) {
            return schema().validate(event, InputFormat.JSON).isEmpty();
        }

        Schema schema() {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                    .getSchema(open(), InputFormat.JSON);
        }

        JsonNode examples() throws IOException {
            try (InputStream file = open()) {
                JsonNode examples = new ObjectMapper().readTree(file).get("examples");
                assertThat(examples).hasSizeGreaterThan(1);
                return examples;
            }
        }

        private InputStream open() {
            InputStream file = SchemasTest.class.getResourceAsStream("/io/periodview/topics/schemas/" + name);
            assertThat(file).as(name).isNotNull();
            return file;
        }
    }
}
