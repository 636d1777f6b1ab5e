package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.api.Instance;
import io.periodview.api.cli.CommandLineRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** {@code period-view status} of two instances that share the partitions. */
class StatusCommandIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofTwoInstances();

    @Test
    void theCommandPrintsHealthInstancesPartitionsAndTopology() {
        Instance asked = service.first();
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLineRunner runner = new CommandLineRunner(Map.of(), new PrintWriter(out), new PrintWriter(err));
        assertThat(runner.run("status", "--admin", "http://127.0.0.1:" + asked.adminPort() + "/", "--topology"))
                .as("%s", err)
                .isZero();
        assertThat(out.toString())
                .contains("health     live; ready")
                .containsPattern("127\\.0\\.0\\.1:" + asked.port() + " \\(asked\\) +\\d")
                .containsPattern("(?m)^3 +127\\.0\\.0\\.1:\\d+ +127\\.0\\.0\\.1:\\d+ +(owner|standby) ")
                .contains("Sub-topology");
        assertThat(runner.run("status", "--admin", "127.0.0.1:" + asked.port())).isEqualTo(1);
        assertThat(err.toString()).contains("answers 404", "admin port");
    }
}
