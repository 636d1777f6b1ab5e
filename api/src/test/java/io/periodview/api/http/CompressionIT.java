package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.periodview.testkit.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code Accept-Encoding}: who gets gzip, and that it is the same answer. */
class CompressionIT {

    @RegisterExtension
    static final SharedService service = SharedService.ofOneInstance();

    /** Has 20 periods, and 50 actions in the first. */
    private static Team team;

    @BeforeAll
    static void publish() throws InterruptedException {
        team = service.newTeam();
        List<Event> events = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            String start = i == 1 ? "2024-01-01T00:00Z" : "2025-01-01T00:00Z";
            events.add(team.period(i, "{'name':'a','start_date':'" + start + "'}"));
        }
        for (int i = 1; i <= 50; i++) {
            events.add(team.action(i, "{'createdTime':'2024-01-01T00:00:00Z','formFields':{'i':" + i + "}}"));
        }
        team.show(events.toArray(Event[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip                       | true
            GZIP                       | true
            x-gzip                     | true
            gzip, deflate, br, zstd    | true
            deflate, gzip;q=1.0, *;q=0 | true
            *                          | true
            gzip;q=0.5                 | true
            gzip;q=0.5, identity;q=0.5 | true
            identity;q=0, gzip;q=0.001 | true
            gzip;q=0                   | false
            gzip; q=0.000              | false
            gzip;Q=0                   | false
            gzip;q=0, *                | false
            *;q=0                      | false
            gzip;q=0.4, identity       | false
            gzip;q=x                   | false
            gzip;q=NaN                 | false
            identity                   | false
            br                         | false
            gzipped                    | false
            ,;,q=1                     | false
            """)
    void anAnswerIsCompressedIfTheClientPrefersGzip(String accepted, boolean compressed) {
        String header = "Accept-Encoding: " + accepted;
        for (String target : List.of("/periods/1/actions", "/periods/1/actions?form_fields=%5B%22i%22,%22j%22%5D")) {
            Reply plain = team.get(target);
            Reply reply = team.get(target, header);
            assertThat(reply.header("Content-Encoding").isPresent()).isEqualTo(compressed);
            assertThat(reply.content()).isEqualTo(plain.body());
            assertThat(reply.header("Vary"))
                    .hasValueSatisfying(vary -> assertThat(vary).contains("Accept-Encoding"));
            assertThat(team.head(target, header).header("Content-Length"))
                    .hasValue(Integer.toString(reply.body().length));
            if (compressed) {
                assertThat(reply.body()).hasSizeLessThan(plain.body().length / 4);
            }
        }
        assertThat(team.get("/periods/x/actions", header).message())
                .isEqualTo("Invalid period_id. It must be a valid integer for your team.");
    }

    @Test
    void acceptEncodingMayComeInSeveralHeaders() {
        assertThat(team.get("/periods", "Accept-Encoding: br", "Accept-Encoding: gzip")
                        .header("Content-Encoding"))
                .hasValue("gzip");
    }
}
