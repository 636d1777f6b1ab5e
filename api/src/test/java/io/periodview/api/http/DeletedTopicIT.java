package io.periodview.api.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a service logs whose topics are deleted while it runs, as an operator sees it. */
class DeletedTopicIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    /** As many of the same as a minute may have. */
    private static final int FLOOD = 50;

    /** Some ten kinds of lines, some of them with a trace. */
    private static final int MAX_LINES = 1_000;

    @Test
    void aDeletedTopicFloodsNoLog() throws Exception {
        PrintStream stderr = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        try (RunningService service = BROKER.newService("deleted-topic", 0)) {
            service.startInstance();
            service.awaitReady();
            System.setErr(new PrintStream(log, true, UTF_8));
            service.deleteTopic("actions");
            // Those who read it are in no group, whose rebalance would end it: they try as fast as the broker answers.
            service.deleteTopic("api-keys");
            await().dontCatchUncaughtExceptions() // a stream thread ends of it
                    .atMost(RunningService.TIMEOUT)
                    .until(() -> lines(log, "Received unknown topic or partition error") >= FLOOD);
            await().dontCatchUncaughtExceptions()
                    .during(Duration.ofSeconds(20))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> lines(log, "") <= MAX_LINES);
        } finally {
            System.setErr(stderr);
        }
    }

    private static long lines(ByteArrayOutputStream log, String with) {
        return log.toString(UTF_8).lines().filter(line -> line.contains(with)).count();
    }
}
