package io.periodview.topics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.periodview.topics.provisioning.TopicRole;
import io.periodview.topics.provisioning.TopicSpec;
import io.periodview.topics.provisioning.TopicsFile;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** What producers read in {@code asyncapi.yaml} is what is provisioned and parsed. */
class AsyncApiTest {

    private final JsonNode document = read("/io/periodview/topics/asyncapi.yaml", new YAMLMapper());

    @Test
    void channelsHaveTheSettingsOfTheTopicsFile() {
        List<TopicSpec> specs =
                TopicsFile.packaged().specs(new TopicNames(""), "", OptionalInt.empty(), OptionalInt.empty());
        List<String> described = new ArrayList<>();
        for (JsonNode channel : document.get("channels")) {
            String address = channel.get("address").asText();
            described.add(address);
            TopicSpec spec = specs.stream()
                    .filter(candidate -> candidate.name().equals(address))
                    .findFirst()
                    .orElseThrow();
            JsonNode kafka = channel.at("/bindings/kafka");
            assertThat(kafka.get("partitions").intValue()).isEqualTo(spec.partitions());
            assertThat(kafka.get("replicas").intValue()).isEqualTo(spec.replicationFactor());
            for (Map.Entry<String, JsonNode> setting :
                    kafka.get("topicConfiguration").properties()) {
                JsonNode value =
                        setting.getValue().isArray() ? setting.getValue().get(0) : setting.getValue();
                assertThat(value.asText())
                        .as(setting.getKey())
                        .isEqualTo(spec.configs().get(setting.getKey()));
            }
        }
        assertThat(described).containsExactly("periods", "actions", "api-keys", "dead-letters");
        assertThat(specs).filteredOn(spec -> spec.role() != TopicRole.REROUTED).hasSize(described.size());
    }

    @Test
    void examplesOfEventsAreEvents() {
        for (JsonNode example : document.at("/components/messages/periodEvent/examples")) {
            assertThat(PeriodEvent.parse(new EventKey(7, 1), payload(example))).isInstanceOf(ParseResult.Parsed.class);
        }
        for (JsonNode example : document.at("/components/messages/actionEvent/examples")) {
            assertThat(ActionEvent.parse(new EventKey(7, 91011), payload(example)))
                    .isInstanceOf(ParseResult.Parsed.class);
        }
    }

    @Test
    void theExampleOfADeadLetterIsRejectedAsItsHeadersSay() {
        JsonNode example = document.at("/components/messages/deadLetter/examples/0");
        assertThat(PeriodEvent.parse(new EventKey(7, 1), payload(example)))
                .isInstanceOfSatisfying(ParseResult.Rejected.class, rejected -> {
                    JsonNode headers = example.get("headers");
                    assertThat(headers.get("__streams.errors.exception").asText())
                            .isEqualTo(rejected.rejection().code().toString());
                    assertThat(headers.get("__streams.errors.message").asText())
                            .isEqualTo(rejected.rejection().message());
                });
    }

    @Test
    void theCodesOfDeadLettersAreThoseOfTheService() {
        List<String> codes = new ArrayList<>();
        document.at("/components/schemas/deadLetterHeaders/properties/__streams.errors.exception/enum")
                .forEach(code -> codes.add(code.asText()));
        assertThat(codes)
                .containsExactlyElementsOf(Arrays.stream(Rejection.Code.values())
                        .map(Rejection.Code::toString)
                        .toList());
    }

    @Test
    void thePatternOfKeysTakesWhatTheServiceTakes() {
        JsonNode key = document.at("/components/messages/periodEvent/bindings/kafka/key");
        for (String text : List.of("7/1", "7/9223372036854775807", "07/1", "7/0", "7", "-7/1", "7/1/2", "/", "")) {
            assertThat(text.matches(key.get("pattern").asText()))
                    .as(text)
                    .isEqualTo(EventKey.parse(text.getBytes(UTF_8)) != null);
        }
    }

    private static byte[] payload(JsonNode example) {
        return example.get("payload").toString().getBytes(UTF_8);
    }

    private static JsonNode read(String resource, ObjectMapper mapper) {
        try (InputStream file = AsyncApiTest.class.getResourceAsStream(resource)) {
            return mapper.readTree(file);
        } catch (IOException e) {
            throw new AssertionError(resource, e);
        }
    }
}
