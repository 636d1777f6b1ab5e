package io.periodview.cli.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.periodview.streams.query.ViewReader;
import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.ResponseBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What the service has committed, row by row: a view of its own, and a check of every number that was ever committed. A
 * periodActionId is made of the action's and the period's, so it is stable and unique as long as both are. Knows the
 * layout of keys and rows from their documentation, and ignores what it does not know.
 */
final class Changelog {

    private static final byte ACTION = 'A';
    private static final byte PERIOD = 'P';
    private static final byte ROW = 'T';
    private static final int TYPE = Long.BYTES;
    private static final int FIRST = TYPE + 1;
    private static final int SECOND = FIRST + Long.BYTES;
    /** Behind the layout's version. */
    private static final int NUMBER = 1;

    private final NavigableMap<Bytes, byte[]> rows = new TreeMap<>();
    /** Of actions and periods that exist. */
    private final Map<Thing, Long> numbers = new HashMap<>();

    private final Map<Assigned, Thing> owners = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    /** @param type {@link #ACTION} or {@link #PERIOD} */
    private record Thing(long team, char type, long id) {}

    private record Assigned(long team, char type, long number) {}

    static Changelog read(String bootstrapServers, String topic) {
        Changelog changelog = new Changelog();
        Topics.readCommitted(
                bootstrapServers,
                topic,
                record -> changelog.apply(record.key(), record.value(), record.partition() + "@" + record.offset()));
        return changelog;
    }

    private void apply(byte[] key, byte @Nullable [] row, String at) {
        if (row == null) {
            rows.remove(Bytes.wrap(key));
        } else {
            rows.put(Bytes.wrap(key), row);
        }
        ByteBuffer fields = ByteBuffer.wrap(key);
        long team = fields.getLong();
        byte type = fields.get();
        if (type == PERIOD || type == ACTION) {
            Thing thing = new Thing(team, (char) type, fields.getLong(FIRST));
            if (row == null) {
                numbers.remove(thing); // once it is re-created, it has another
            } else if (type == PERIOD) {
                applyNumber(thing, ByteBuffer.wrap(row).getLong(NUMBER), at);
            }
        } else if (type == ROW && row != null) {
            applyNumber(
                    new Thing(team, (char) ACTION, fields.getLong(SECOND)),
                    ByteBuffer.wrap(row).getLong(NUMBER),
                    at);
        }
    }

    private void applyNumber(Thing thing, long number, String at) {
        Long before = numbers.put(thing, number);
        if (before != null && before != number) {
            violations.add(at + ": " + thing + " had the number " + before + " and has " + number);
        }
        Thing owner = owners.put(new Assigned(thing.team(), thing.type(), number), thing);
        if (owner != null && (!owner.equals(thing) || before == null)) {
            violations.add(at + ": the number " + number + " of " + owner + " was also assigned to " + thing);
        }
    }

    /** Numbers that changed, or were assigned twice. */
    List<String> violations() {
        return violations;
    }

    int numbersAssigned() {
        return owners.size();
    }

    /**
     * The bodies that the API must answer, byte for byte, by path.
     *
     * @param scratch for answers that are too large for memory
     */
    Map<String, String> bodies(long team, Iterable<Long> periods, Path scratch) throws IOException {
        ViewReader reader = new ViewReader(new MemoryStore(rows), new BufferPool(scratch));
        Map<String, String> bodies = new TreeMap<>();
        bodies.put("/periods", text(reader.periods(team, null, null)));
        for (long period : periods) {
            bodies.put("/periods/" + period + "/actions", text(reader.actions(team, period, null)));
        }
        return bodies;
    }

    private static String text(@Nullable ResponseBody answer) throws IOException {
        if (answer == null) {
            return "no such period";
        }
        try (answer) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            answer.writeTo(body);
            return body.toString(UTF_8);
        }
    }
}
