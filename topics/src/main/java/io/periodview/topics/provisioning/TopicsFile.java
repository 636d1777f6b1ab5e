package io.periodview.topics.provisioning;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.periodview.topics.Json;
import io.periodview.topics.TopicNames;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code topics.yaml}: the topics by role, with every setting that they should have. Immutable.
 *
 * <p>What is wrong with a file comes as a {@link ProvisioningException} that says where ({@code topics.yaml:
 * periods.configs.retention.ms}) and what.
 */
public final class TopicsFile {

    private static final String NAME = "topics.yaml";
    private static final String RESOURCE = "/io/periodview/topics/" + NAME;
    private static final String PARTITIONS = "partitions";
    private static final String REPLICATION_FACTOR = "replication.factor";
    private static final String CONFIGS = "configs";

    private final Map<TopicRole, Entry> entries;

    private record Entry(int partitions, int replicationFactor, Map<String, String> configs) {}

    private TopicsFile(Map<TopicRole, Entry> entries) {
        this.entries = entries;
    }

    /** The file that comes with the service. */
    public static TopicsFile packaged() {
        try (InputStream file = TopicsFile.class.getResourceAsStream(RESOURCE)) {
            if (file == null) {
                throw new IllegalStateException("The class path lacks " + RESOURCE);
            }
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + RESOURCE, e);
        }
    }

    static TopicsFile parse(String yaml) {
        JsonNode root = tree(yaml);
        Set<String> roles = new TreeSet<>();
        Map<TopicRole, Entry> entries = new EnumMap<>(TopicRole.class);
        for (TopicRole role : TopicRole.values()) {
            roles.add(role.yamlName());
        }
        onlyThese("", root, roles);
        for (TopicRole role : TopicRole.values()) {
            entries.put(role, entry(role.yamlName(), required("", root, role.yamlName())));
        }
        return new TopicsFile(entries);
    }

    /**
     * The topics of one installation, in the order of {@link TopicRole}.
     *
     * @param partitions for the topics that teams live in, instead of the file's
     * @param replicationFactor for all topics, instead of the file's
     */
    public List<TopicSpec> specs(
            TopicNames names, String applicationId, OptionalInt partitions, OptionalInt replicationFactor) {
        atLeastOne("number of partitions", partitions);
        atLeastOne("replication factor", replicationFactor);
        List<TopicSpec> specs = new ArrayList<>();
        entries.forEach((role, entry) -> specs.add(new TopicSpec(
                role,
                role.nameIn(names, applicationId),
                role.partitionedByTeam() ? partitions.orElse(entry.partitions) : entry.partitions,
                replicationFactor.orElse(entry.replicationFactor),
                entry.configs)));
        return List.copyOf(specs);
    }

    private static void atLeastOne(String what, OptionalInt number) {
        if (number.orElse(1) < 1) {
            throw new ProvisioningException("The " + what + " must be at least 1, not " + number.getAsInt());
        }
    }

    private static JsonNode tree(String yaml) {
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try {
            return mapper.readTree(yaml);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : ", line " + at.getLineNr() + ", column " + at.getColumnNr();
            // The other lines of the message quote the file.
            String what = e.getOriginalMessage()
                    .lines()
                    .filter(line -> !line.startsWith(" "))
                    .collect(Collectors.joining(", "));
            throw new ProvisioningException(NAME + where + ": " + what, e);
        }
    }

    private static Entry entry(String path, JsonNode node) {
        onlyThese(path, node, new TreeSet<>(Set.of(PARTITIONS, REPLICATION_FACTOR, CONFIGS)));
        Map<String, String> configs = new LinkedHashMap<>();
        JsonNode values = required(path, node, CONFIGS);
        String configsPath = under(path, CONFIGS);
        onlyThese(configsPath, values, ConfigRule.settings());
        for (Map.Entry<String, JsonNode> config : values.properties()) {
            String value = config.getValue().asText();
            String complaint =
                    config.getValue().isValueNode() ? ConfigRule.complaint(config.getKey(), value) : "must be a value";
            if (!complaint.isEmpty()) {
                throw wrong(under(configsPath, config.getKey()), complaint + ", not " + shown(config.getValue()));
            }
            configs.put(config.getKey(), value);
        }
        return new Entry(positive(path, node, PARTITIONS), positive(path, node, REPLICATION_FACTOR), configs);
    }

    private static int positive(String path, JsonNode node, String member) {
        JsonNode value = required(path, node, member);
        if (!value.isInt() || value.intValue() < 1) {
            throw wrong(under(path, member), "must be a whole number of at least 1, not " + shown(value));
        }
        return value.intValue();
    }

    private static JsonNode required(String path, JsonNode node, String member) {
        JsonNode value = node.get(member);
        if (value == null) {
            throw wrong(under(path, member), "is missing");
        }
        return value;
    }

    private static void onlyThese(String path, JsonNode node, Set<String> members) {
        if (!node.isObject()) {
            throw wrong(path, "must map " + Phrases.list(List.copyOf(members)) + ", not be " + shown(node));
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            if (!members.contains(member.getKey())) {
                throw wrong(under(path, member.getKey()), "is none of " + Phrases.list(List.copyOf(members)));
            }
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "empty" : Json.shorten(value.toString());
    }

    private static String under(String path, String member) {
        return path.isEmpty() ? member : path + "." + member;
    }

    private static ProvisioningException wrong(String path, String what) {
        return new ProvisioningException(NAME + ": " + (path.isEmpty() ? "it" : path) + " " + what);
    }
}
