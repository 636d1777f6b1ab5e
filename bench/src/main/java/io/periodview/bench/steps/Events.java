package io.periodview.bench.steps;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.topics.EventKey;
import io.periodview.topics.ParseResult;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An action's event of 600 bytes, as the incidents have them: key, JSON, row. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Events {

    private static final byte[] KEY = "7/91011".getBytes(UTF_8);
    private static final byte[] VALUE =
            ("{\"actionId\":91011,\"classification\":\"Category 55\",\"subClassification\":\"Subcategory 170\","
                            + "\"status\":\"Active\",\"createdTime\":\"2016-02-29T01:16:00.000Z\","
                            + "\"assignedTime\":\"2016-02-29T01:23:00.000Z\",\"doingTime\":\"2016-02-29T01:30:00.000Z\","
                            + "\"closedTime\":null,\"createdByUserName\":\"Created by 6\","
                            + "\"assignedUserNames\":[\"Resolver 89\"],\"channel\":\"Phone\",\"formType\":\"Incident\","
                            + "\"latestChannel\":\"Group 56\",\"aiDispatched\":false,"
                            + "\"formFields\":{\"location\":\"Location 143\",\"impact\":\"2 - Medium\","
                            + "\"urgency\":\"2 - Medium\",\"priority\":\"3 - Moderate\",\"knowledge\":true,"
                            + "\"reassignments\":0,\"reopened\":0,\"symptom\":\"Symptom 72\"}}")
                    .getBytes(UTF_8);

    private final Change.ActionChanged change = (Change.ActionChanged) parse();

    @Benchmark
    public EventKey parseKey() {
        return Objects.requireNonNull(EventKey.parse(KEY));
    }

    @Benchmark
    public Change parse() {
        return ((ParseResult.Parsed<Change>) EventDecoder.decode(EventDecoder.Kind.ACTIONS, KEY, VALUE, 0)).value();
    }

    @Benchmark
    public byte[] render() {
        return ActionRowEncoder.encode(1, 91_011, change.event());
    }
}
