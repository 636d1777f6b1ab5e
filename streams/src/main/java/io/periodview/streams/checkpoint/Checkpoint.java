package io.periodview.streams.checkpoint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/**
 * What the rows of a partition show: everything of these topics before these offsets. It is stored as a row among them, in
 * the transaction that writes them, so it is restored with them and never says more than they show:
 *
 * <pre>
 * [version:1] [complete:1] [asOf:8] [changelog:16] then of periods, actions, rerouted [topic:16] [next:8] [epoch:4]
 * </pre>
 *
 * @param changelog the topic that the rows were written to
 * @param asOf milliseconds since the epoch: whatever the topics had at that time is in the rows, or, while they are not
 *     complete, they were begun then
 * @param complete whether the rows have shown everything that the topics had when they were begun
 * @param inputs of periods, actions and rerouted, in this order
 */
public record Checkpoint(Uuid changelog, long asOf, boolean complete, List<Input> inputs) {

    private static final byte VERSION = 1;
    private static final int INPUTS = 3;
    private static final int UUID_BYTES = 2 * Long.BYTES;
    private static final int BYTES = 2 + Long.BYTES + UUID_BYTES + INPUTS * (UUID_BYTES + Long.BYTES + Integer.BYTES);

    /**
     * @param topic a topic that is deleted and made anew has another
     * @param next the first offset that the rows do not show
     * @param leaderEpoch of what was read last, by which Kafka knows a log that was truncated meanwhile; negative if it is
     *     not known
     */
    public record Input(Uuid topic, long next, int leaderEpoch) {}

    public Checkpoint {
        inputs = List.copyOf(inputs);
        if (inputs.size() != INPUTS) {
            throw new IllegalArgumentException("A partition consists of " + INPUTS + " topics, not " + inputs.size());
        }
    }

    public byte[] toBytes() {
        ByteBuffer row = ByteBuffer.allocate(BYTES);
        row.put(VERSION).put((byte) (complete ? 1 : 0)).putLong(asOf);
        put(row, changelog);
        for (Input input : inputs) {
            put(row, input.topic());
            row.putLong(input.next()).putInt(input.leaderEpoch());
        }
        return row.array();
    }

    /** @throws IllegalStateException if another version of the service wrote it */
    public static Checkpoint of(byte[] row) {
        if (row.length != BYTES || row[0] != VERSION) {
            throw new IllegalStateException("The checkpoint of the rows was written by another version of the service");
        }
        ByteBuffer fields = ByteBuffer.wrap(row);
        fields.get();
        boolean complete = fields.get() != 0;
        long asOf = fields.getLong();
        Uuid changelog = uuid(fields);
        List<Input> inputs = new ArrayList<>(INPUTS);
        for (int i = 0; i < INPUTS; i++) {
            inputs.add(new Input(uuid(fields), fields.getLong(), fields.getInt()));
        }
        return new Checkpoint(changelog, asOf, complete, inputs);
    }

    private static void put(ByteBuffer row, Uuid id) {
        row.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    private static Uuid uuid(ByteBuffer row) {
        return new Uuid(row.getLong(), row.getLong());
    }
}
