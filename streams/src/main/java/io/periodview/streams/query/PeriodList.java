package io.periodview.streams.query;

import io.periodview.streams.response.BufferPool;
import io.periodview.streams.response.BufferedBody;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order of a team's periods: they are stored by id and shown by start. Only where each stands is in memory, and counted;
 * what is shown of them is buffered as any response is. Not thread-safe.
 */
final class PeriodList implements AutoCloseable {

    /** Of the heap, for each. */
    private static final int BYTES = 40;

    /** Taken without asking: a short list is answered although others of the team have taken its share. */
    private static final int FREE = 1_000;

    private final BufferPool buffers;
    private final List<Place> places = new ArrayList<>();

    private record Place(long start, long at, int length) {}

    PeriodList(BufferPool buffers) {
        this.buffers = buffers;
    }

    /** @throws io.periodview.streams.response.NoBufferSpaceException if there are too many at the same time */
    void add(long start, long at, int length) throws IOException {
        if (places.size() >= FREE) {
            buffers.reserveOrFail(BYTES);
        }
        places.add(new Place(start, at, length));
    }

    /** Writes them in order, with commas between them. */
    void writeInOrder(BufferedBody found, BufferedBody body) throws IOException {
        places.sort(Comparator.comparingLong(Place::start)); // stable, and they came by id
        for (Place place : places) {
            if (body.rows() > 0) {
                body.write(',');
            }
            body.countRow();
            found.copyTo(body, place.at, place.length);
        }
    }

    @Override
    public void close() {
        buffers.release((long) BYTES * Math.max(0, places.size() - FREE));
        places.clear();
    }
}
