package io.periodview.topics.provisioning;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;

/**
 * How a setting that a topic has is judged against the one that is wanted: a change must neither destroy records nor
 * refuse such as were taken before, and what does no harm is the operator's own business.
 */
enum ConfigRule {
    /** Any other value is changed. */
    EXACT,
    /** More does no harm: a longer retention, a larger message, one more replica in sync. */
    AT_LEAST,
    /** Less does no harm: smaller segments, compaction that comes sooner. */
    AT_MOST,
    /** A set of policies. To compact is safe, since the last record of a key is all that counts; to delete is not. */
    POLICY;

    /** What is to be done about a value that exists. */
    enum Verdict {
        SAME,
        /** It differs and does no harm. */
        LEAVE,
        CHANGE,
        /** The change would destroy records. */
        REFUSE
    }

    /** All settings that {@code topics.yaml} may have. */
    private static final Map<String, ConfigRule> RULES = Map.ofEntries(
            Map.entry(TopicConfig.CLEANUP_POLICY_CONFIG, POLICY),
            Map.entry(TopicConfig.RETENTION_MS_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.RETENTION_BYTES_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, EXACT),
            Map.entry(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, EXACT),
            Map.entry(TopicConfig.MESSAGE_TIMESTAMP_BEFORE_MAX_MS_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.SEGMENT_BYTES_CONFIG, AT_MOST),
            Map.entry(TopicConfig.SEGMENT_MS_CONFIG, AT_MOST),
            Map.entry(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, AT_MOST),
            Map.entry(TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, AT_LEAST),
            Map.entry(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, AT_MOST),
            Map.entry(TopicConfig.DELETE_RETENTION_MS_CONFIG, AT_LEAST));

    private static final Map<String, Set<String>> WORDS = Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG, Set.of("compact", "delete"),
            TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, Set.of("true", "false"),
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, Set.of("CreateTime", "LogAppendTime"));

    static Set<String> settings() {
        return new TreeSet<>(RULES.keySet());
    }

    static boolean knows(String setting) {
        return RULES.containsKey(setting);
    }

    /** What a value of this setting looks like, for a person whose value is none; empty if it is one. */
    static String complaint(String setting, String value) {
        Set<String> words = WORDS.get(setting);
        if (words != null) {
            return words.contains(value) ? "" : "must be " + String.join(" or ", new TreeSet<>(words));
        }
        if (setting.equals(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG)) {
            return value.matches("0(\\.\\d+)?|1(\\.0+)?") ? "" : "must be a number from 0 to 1";
        }
        return value.matches("-1|\\d{1,19}") ? "" : "must be a whole number (ms or bytes), or -1 for no limit";
    }

    static Verdict judge(String setting, String existing, String wanted) {
        ConfigRule rule = RULES.get(setting);
        if (rule == null) {
            throw new IllegalArgumentException("No rule for " + setting);
        }
        return switch (rule) {
            case EXACT -> existing.equals(wanted) ? Verdict.SAME : Verdict.CHANGE;
            case AT_LEAST -> compare(limit(existing).compareTo(limit(wanted)));
            case AT_MOST -> compare(limit(wanted).compareTo(limit(existing)));
            case POLICY -> policy(policies(existing), policies(wanted));
        };
    }

    private static Verdict compare(int surplus) {
        return surplus == 0 ? Verdict.SAME : surplus > 0 ? Verdict.LEAVE : Verdict.CHANGE;
    }

    private static Verdict policy(Set<String> existing, Set<String> wanted) {
        if (existing.equals(wanted)) {
            return Verdict.SAME;
        }
        boolean startsToDelete = wanted.contains("delete") && !existing.contains("delete");
        return startsToDelete ? Verdict.REFUSE : Verdict.CHANGE;
    }

    private static Set<String> policies(String value) {
        return Arrays.stream(value.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    /** Kafka's -1 is no limit, more than any number. */
    private static BigDecimal limit(String value) {
        BigDecimal number = new BigDecimal(value);
        return number.signum() < 0 ? BigDecimal.valueOf(Long.MAX_VALUE).add(BigDecimal.ONE) : number;
    }
}
