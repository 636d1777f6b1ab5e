package io.periodview.bench.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.periodview.bench.ingest.StandardInput;
import io.periodview.bench.peer.PostgresReads;
import java.sql.Connection;

/** The same answers out of PostgreSQL, built there or spliced from rows. */
final class PostgresServer {

    /** More than the cores can use at once. */
    private static final int CONNECTIONS = 8;

    private PostgresServer() {}

    /** Arguments: JDBC URL, json or rows, the team that every key stands for. */
    public static void main(String[] args) throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(args[0] + "&prepareThreshold=1");
        config.setMaximumPoolSize(CONNECTIONS);
        config.setReadOnly(true);
        long team = Long.parseLong(args[2]);
        boolean json = args[1].equals("json");
        try (HikariDataSource pool = new HikariDataSource(config)) {
            PlainServer.start(ctx -> {
                long period = Long.parseLong(ctx.pathParam("period_id"));
                byte[] body;
                try (Connection connection = pool.getConnection()) {
                    body = json
                            ? PostgresReads.json(connection, team, period).getBytes(UTF_8)
                            : PostgresReads.rows(connection, team, period);
                }
                ctx.res().setContentLengthLong(body.length);
                ctx.res().getOutputStream().write(body);
            });
            StandardInput.awaitEnd();
        }
        System.exit(0);
    }
}
