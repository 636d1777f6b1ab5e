package io.periodview.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.periodview.topics.IsoTime;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * The view as tables: actions indexed by team and time, periods with ranges, the offsets of the topics beside them, so
 * that every event counts once. Not thread-safe.
 */
public final class PostgresView {

    private static final JsonMapper JSON = new JsonMapper();

    private static final List<String> SCHEMA = List.of(
            "create table actions (team bigint, id bigint, created timestamptz not null, json jsonb not null,"
                    + " served text not null,"
                    + " primary key (team, id))",
            "create index actions_by_time on actions (team, created, id)",
            "create table periods (team bigint, id bigint, name text not null, during tstzrange not null,"
                    + " markers jsonb not null, primary key (team, id))",
            "create table offsets (topic text, part int, next bigint, primary key (topic, part))");

    private static final String UPSERT_ACTION =
            "insert into actions (team, id, created, json, served) values (?, ?, ?, ?::jsonb, ?)"
                    + " on conflict (team, id) do update set created = excluded.created, json = excluded.json,"
                    + " served = excluded.served";
    private static final String UPSERT_PERIOD =
            "insert into periods (team, id, name, during, markers) values (?, ?, ?, tstzrange(?, ?), ?::jsonb)"
                    + " on conflict (team, id) do update set name = excluded.name, during = excluded.during,"
                    + " markers = excluded.markers";
    private static final String DELETE_ACTION = "delete from actions where team = ? and id = ?";
    private static final String DELETE_PERIOD = "delete from periods where team = ? and id = ?";
    private static final String UPSERT_OFFSET = "insert into offsets (topic, part, next) values (?, ?, ?)"
            + " on conflict (topic, part) do update set next = excluded.next";

    private PostgresView() {}

    public static void createSchema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists actions, periods, offsets");
            for (String table : SCHEMA) {
                statement.execute(table);
            }
        }
    }

    /**
     * Writes what a poll brought in one transaction.
     *
     * @param latest of each key, the last only
     * @param offsets where to go on
     */
    public static void write(
            Connection connection,
            String periodsTopic,
            Iterable<ConsumerRecord<byte[], byte[]>> latest,
            Map<TopicPartition, Long> offsets)
            throws Exception {
        try (PreparedStatement actions = connection.prepareStatement(UPSERT_ACTION);
                PreparedStatement periods = connection.prepareStatement(UPSERT_PERIOD);
                PreparedStatement deletedActions = connection.prepareStatement(DELETE_ACTION);
                PreparedStatement deletedPeriods = connection.prepareStatement(DELETE_PERIOD);
                PreparedStatement nexts = connection.prepareStatement(UPSERT_OFFSET)) {
            for (ConsumerRecord<byte[], byte[]> record : latest) {
                String[] key = new String(record.key(), UTF_8).split("/");
                if (record.value() == null) {
                    boolean isPeriod = record.topic().equals(periodsTopic);
                    delete(isPeriod ? deletedPeriods : deletedActions, key);
                    continue;
                }
                JsonNode event = JSON.readTree(record.value());
                if (record.topic().equals(periodsTopic)) {
                    periods.setLong(1, Long.parseLong(key[0]));
                    periods.setLong(2, Long.parseLong(key[1]));
                    periods.setString(3, event.get("name").asText());
                    periods.setObject(4, time(event.get("start_date").asText()));
                    JsonNode end = event.path("end_date");
                    periods.setObject(5, end.isTextual() ? time(end.asText()) : null);
                    periods.setString(
                            6,
                            event.path("markers").isArray()
                                    ? event.get("markers").toString()
                                    : "[]");
                    periods.addBatch();
                } else {
                    actions.setLong(1, Long.parseLong(key[0]));
                    actions.setLong(2, Long.parseLong(key[1]));
                    actions.setObject(3, time(event.get("createdTime").asText()));
                    actions.setString(4, new String(record.value(), UTF_8));
                    actions.setString(
                            5, ((ObjectNode) event).without("formFields").toString());
                    actions.addBatch();
                }
            }
            for (Map.Entry<TopicPartition, Long> next : offsets.entrySet()) {
                nexts.setString(1, next.getKey().topic());
                nexts.setInt(2, next.getKey().partition());
                nexts.setLong(3, next.getValue());
                nexts.addBatch();
            }
            periods.executeBatch();
            actions.executeBatch();
            deletedPeriods.executeBatch();
            deletedActions.executeBatch();
            nexts.executeBatch();
            connection.commit();
        }
    }

    private static void delete(PreparedStatement statement, String[] key) throws SQLException {
        statement.setLong(1, Long.parseLong(key[0]));
        statement.setLong(2, Long.parseLong(key[1]));
        statement.addBatch();
    }

    private static OffsetDateTime time(String iso) {
        return Instant.ofEpochMilli(IsoTime.parse(iso).orElseThrow()).atOffset(ZoneOffset.UTC);
    }

    /** Where to go on. */
    public static Map<TopicPartition, Long> offsets(Connection connection) throws SQLException {
        Map<TopicPartition, Long> offsets = new java.util.HashMap<>();
        try (Statement statement = connection.createStatement();
                var rows = statement.executeQuery("select topic, part, next from offsets")) {
            while (rows.next()) {
                offsets.put(new TopicPartition(rows.getString(1), rows.getInt(2)), rows.getLong(3));
            }
        }
        return offsets;
    }
}
