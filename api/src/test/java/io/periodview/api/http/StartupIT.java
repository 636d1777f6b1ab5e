package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.api.Instance;
import io.periodview.api.ServerSettings;
import io.periodview.topics.NewApiKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an instance answers before its view is started. */
class StartupIT {

    private Instance starting;

    @BeforeEach
    void open() {
        starting = Instance.open(new ServerSettings("127.0.0.1", 0, AdminSettings.of("127.0.0.1", 0), null));
    }

    @AfterEach
    void close() {
        starting.close();
    }

    @Test
    void readersGet503() {
        String key = NewApiKey.generate().reveal();
        Client client = new Client(starting.port());
        assertThat(client.get(key, "/periods").status()).isEqualTo(503);
        assertThat(client.get(key, "/periods/1/actions").status()).isEqualTo(503);
        assertThat(client.without("GET", "/periods").status()).isEqualTo(401);
        assertThat(client.without("PUT", "/periods").status()).isEqualTo(405);
        assertThat(client.get(key, "/nothing").status()).isEqualTo(404);
    }

    @Test
    void operatorsSeeItLiveButNotReady() {
        AdminClient admin = new AdminClient(starting);
        assertThat(admin.get("/health/live").status()).isEqualTo(200);
        Reply ready = admin.get("/health/ready");
        assertThat(ready.status()).isEqualTo(503);
        AdminClient.validate("NotHealthy", ready.json());
        assertThat(ready.message()).isEqualTo("Starting.");
        JsonNode status = admin.get("/status", "Status");
        assertThat(status.at("/instance/state").asText()).isEqualTo("STARTING");
        Scrape scrape = Scrape.of(starting);
        scrape.assertWellFormed();
        assertThat(scrape.sum("periodview_ready")).isZero();
    }
}
