package io.periodview.api.status;

import java.util.Locale;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * A setting that is not what it would be by itself.
 *
 * @param name of the option, or {@code --kafka} and the name of the Kafka client's setting
 * @param value null if it is not to be shown
 */
public record Setting(String name, @Nullable String value) {

    /** Settings of Kafka that are words, and of which nobody makes a secret. */
    private static final Set<String> SHOWN = Set.of(
            "acks",
            "auto.offset.reset",
            "bootstrap.servers",
            "client.dns.lookup",
            "client.id",
            "client.rack",
            "compression.type",
            "isolation.level",
            "metrics.recording.level",
            "sasl.mechanism",
            "security.protocol",
            "ssl.enabled.protocols",
            "ssl.endpoint.identification.algorithm",
            "ssl.protocol");

    private static final Set<ConfigDef.Type> HARMLESS = Set.of(
            ConfigDef.Type.BOOLEAN,
            ConfigDef.Type.DOUBLE,
            ConfigDef.Type.INT,
            ConfigDef.Type.LONG,
            ConfigDef.Type.SHORT);

    private static final String[] PREFIXES = {
        "main.consumer.", "restore.consumer.", "global.consumer.", "consumer.", "producer.", "admin."
    };

    /**
     * A setting of Kafka's clients as the operator gave it. Its value is shown if Kafka says that it is a number or a
     * yes or no, or if it is one of a few that are known; passwords, paths and whatever else nobody here knows are not.
     */
    public static Setting ofKafka(String name, Object value) {
        return new Setting("--kafka " + name, isShown(withoutPrefix(name)) ? String.valueOf(value) : null);
    }

    private static String withoutPrefix(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return name.substring(prefix.length());
            }
        }
        return name;
    }

    private static boolean isShown(String name) {
        return SHOWN.contains(name)
                || isHarmless(ConsumerConfig.configDef(), name)
                || isHarmless(ProducerConfig.configDef(), name)
                || isHarmless(StreamsConfig.configDef(), name);
    }

    private static boolean isHarmless(ConfigDef definition, String name) {
        ConfigDef.ConfigKey key = definition.configKeys().get(name);
        return key != null
                && HARMLESS.contains(key.type)
                && !name.toLowerCase(Locale.ROOT).contains("password");
    }
}
