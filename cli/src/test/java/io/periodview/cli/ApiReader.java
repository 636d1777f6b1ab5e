package io.periodview.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.periodview.testkit.ReferenceView;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A client of the API with an API key. Thread-safe. */
public final class ApiReader {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String api;
    private final @Nullable String key;

    /** @param api such as {@code http://127.0.0.1:8080} */
    public ApiReader(String api, @Nullable String key) {
        this.api = api;
        this.key = key;
    }

    public static ApiReader at(int port, @Nullable String key) {
        return new ApiReader("http://127.0.0.1:" + port, key);
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api + path)).timeout(Duration.ofSeconds(30));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString(UTF_8));
    }

    /** The status, or 0 without an answer. */
    public int status(String path) throws InterruptedException {
        try {
            return get(path).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The body of an answer that must be 200. */
    public String body(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(200);
        return response.body();
    }

    public JsonNode json(String path) throws IOException, InterruptedException {
        return ReferenceView.parse(body(path));
    }

    /** @param formFields null for none */
    public static String actions(long periodId, @Nullable List<String> formFields) {
        String path = "/periods/" + periodId + "/actions";
        if (formFields == null) {
            return path;
        }
        String names = formFields.stream()
                .map(name -> "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(",", "[", "]"));
        return path + "?form_fields=" + URLEncoder.encode(names, UTF_8);
    }
}
