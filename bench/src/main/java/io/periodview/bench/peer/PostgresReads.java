package io.periodview.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.periodview.topics.IsoTime;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** The actions of a period out of the tables, in the two ways that people write it. Thread-safe. */
public final class PostgresReads {

    private static final JsonMapper JSON = new JsonMapper();

    private static final String WHOLE = """
            select '{"actions":' || coalesce(json_agg(json_build_object(
                'periodId', p.id, 'periodName', p.name, 'periodActionId', a.id,
                'periodMarker', (select m ->> 'name' from jsonb_array_elements(p.markers) m
                    where (m ->> 'timestamp')::timestamptz <= a.created
                    order by (m ->> 'timestamp')::timestamptz desc limit 1),
                'action', a.served::json) order by a.created, a.id), '[]')::text || '}'
            from periods p join actions a
                on a.team = p.team and a.created >= lower(p.during)
                and (upper_inf(p.during) or a.created < upper(p.during))
            where p.team = ? and p.id = ?""";

    private static final String PERIOD =
            "select name, markers::text, lower(during), upper(during) from periods" + " where team = ? and id = ?";
    private static final String ROWS = "select id, extract(epoch from created) * 1000, served from actions"
            + " where team = ? and created >= ? and created < coalesce(?, 'infinity'::timestamptz) order by created, id";

    private PostgresReads() {}

    /** Built by the database. */
    public static String json(Connection connection, long team, long period) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(WHOLE)) {
            query.setLong(1, team);
            query.setLong(2, period);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    /** Spliced from rows: names and markers come from the period. */
    public static byte[] rows(Connection connection, long team, long period) throws SQLException, IOException {
        try (PreparedStatement periods = connection.prepareStatement(PERIOD);
                PreparedStatement rows = connection.prepareStatement(ROWS)) {
            periods.setLong(1, team);
            periods.setLong(2, period);
            try (ResultSet row = periods.executeQuery()) {
                row.next();
                byte[] prefix = ("{\"periodId\":" + period + ",\"periodName\":"
                                + JSON.writeValueAsString(row.getString(1)) + ",\"periodActionId\":")
                        .getBytes(UTF_8);
                JsonNode markers = JSON.readTree(row.getString(2));
                rows.setLong(1, team);
                rows.setObject(2, row.getObject(3));
                rows.setObject(3, row.getObject(4));
                return splice(rows, prefix, markers);
            }
        }
    }

    private static byte[] splice(PreparedStatement query, byte[] prefix, JsonNode markers)
            throws SQLException, IOException {
        long[] times = new long[markers.size()];
        byte[][] names = new byte[markers.size()][];
        for (int i = 0; i < times.length; i++) {
            times[i] = IsoTime.parse(markers.get(i).get("timestamp").asText()).orElseThrow();
            names[i] = JSON.writeValueAsBytes(markers.get(i).get("name"));
        }
        query.setFetchSize(0);
        ByteArrayOutputStream body = new ByteArrayOutputStream(1 << 16);
        body.write("{\"actions\":[".getBytes(UTF_8));
        try (ResultSet row = query.executeQuery()) {
            boolean first = true;
            while (row.next()) {
                if (!first) {
                    body.write(',');
                }
                first = false;
                body.write(prefix);
                body.write(row.getString(1).getBytes(UTF_8));
                body.write(",\"periodMarker\":".getBytes(UTF_8));
                int marker = -1;
                long created = (long) row.getDouble(2);
                while (marker + 1 < times.length && times[marker + 1] <= created) {
                    marker++;
                }
                body.write(marker < 0 ? "null".getBytes(UTF_8) : names[marker]);
                body.write(",\"action\":".getBytes(UTF_8));
                body.write(row.getBytes(3));
                body.write('}');
            }
        }
        body.write("]}".getBytes(UTF_8));
        return body.toByteArray();
    }
}
