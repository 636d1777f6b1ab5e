package io.periodview.streams.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeapBudgetsTest {

    private static final long MIB = 1 << 20;

    /** Live objects after a start, without load. */
    private static final long BASE = 80 * MIB;

    /** Each thread's largest record: its bytes, and the consumer's copies of key and value. */
    private static final long RECORD = 17 * MIB;

    /** Decision 21. */
    @ParameterizedTest
    @CsvSource({"512, 2, 3", "512, 1, 3", "1024, 4, 3", "2048, 8, 5"})
    void allTogetherFitIntoTheHeap(long heapMib, int threads, int brokers) {
        HeapBudgets budgets = new HeapBudgets(heapMib * MIB, threads);
        long pooledBuffers = 16 * MIB;
        long shared = BASE + 3 * budgets.cache() + pooledBuffers + budgets.uncommitted();
        long fetched = 2L * brokers * budgets.fetch(); // by the main consumer and the one of changelogs
        long events = budgets.poll() + budgets.unprocessed();
        long rows = budgets.poll();
        long each = fetched + 2 * events + 2 * rows + budgets.producer() + RECORD;
        assertThat(shared + threads * each).isLessThan(heapMib * MIB);
    }
}
