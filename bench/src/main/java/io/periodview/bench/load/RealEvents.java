package io.periodview.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

/** A recorded history, repeated over more teams. */
public final class RealEvents implements Iterable<ChangeEvent> {

    /** More than the recorded teams. */
    private static final long TEAMS_APART = 100;

    private final List<ChangeEvent> recorded = new ArrayList<>();
    private final int times;

    /**
     * @param file JSON Lines (gzip): topic, key, timestamp and value of each event, in order
     * @param times each with teams of its own
     */
    public RealEvents(Path file, int times) throws IOException {
        this.times = times;
        JsonMapper mapper = new JsonMapper();
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode event = mapper.readTree(line);
                String key = event.get("key").asText();
                recorded.add(new ChangeEvent(
                        event.get("topic").asText().equals("periods"),
                        Long.parseLong(key.substring(0, key.indexOf('/'))),
                        key,
                        event.get("timestamp").asLong(),
                        event.get("value").isNull() ? null : mapper.writeValueAsBytes(event.get("value"))));
            }
        }
    }

    @Override
    public Iterator<ChangeEvent> iterator() {
        return recorded.stream()
                .flatMap(event -> IntStream.range(0, times).mapToObj(time -> {
                    long team = event.team() + time * TEAMS_APART;
                    String id = event.key().substring(event.key().indexOf('/'));
                    return new ChangeEvent(event.isPeriod(), team, team + id, event.timestamp(), event.value());
                }))
                .iterator();
    }
}
