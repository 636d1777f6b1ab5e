package io.periodview.streams;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transaction that an instance left open when it died, so that the instances that take over its partitions need
 * not wait for the broker to time it out: when a rebalance begins, and again when the dead instance's transaction has
 * become old enough. To fence a live one by mistake is safe: its thread starts again. Thread-safe.
 */
final class StaleTransactionFencer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StaleTransactionFencer.class);

    /** A live instance commits ten times a second. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(3);

    /** After a rebalance has begun: what was young at first is old by then. */
    private static final List<Duration> RETRIES = List.of(Duration.ofMillis(500), STALE_AFTER.plusMillis(500));

    /** What Kafka Streams adds to the application's id; another application's may begin as ours does. */
    private static final String INSTANCE_AND_THREAD = "-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-[0-9]+";

    private final Map<String, Object> client;
    private final Pattern ours;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stale-transaction-fencer");
        thread.setDaemon(true);
        return thread;
    });

    StaleTransactionFencer(Map<String, Object> client, String applicationId) {
        this.client = client;
        this.ours = Pattern.compile(Pattern.quote(applicationId) + INSTANCE_AND_THREAD);
    }

    void rebalanceBegins() {
        try {
            worker.execute(this::fence);
            RETRIES.forEach(delay -> worker.schedule(this::fence, delay.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException closed) {
            LOG.debug("Nothing is fenced any more", closed);
        }
    }

    private void fence() {
        try (Admin admin = Admin.create(client)) {
            List<String> left = admin
                    .listTransactions(new ListTransactionsOptions()
                            .filterStates(Set.of(TransactionState.ONGOING))
                            .filterOnDuration(STALE_AFTER.toMillis()))
                    .all()
                    .get(STALE_AFTER.toMillis(), TimeUnit.MILLISECONDS)
                    .stream()
                    .map(TransactionListing::transactionalId)
                    .filter(this::isOurs)
                    .toList();
            if (!left.isEmpty()) {
                admin.fenceProducers(left).all().get(STALE_AFTER.toMillis(), TimeUnit.MILLISECONDS);
                LOG.info("Ended transactions that were left open for {} or longer: {}", STALE_AFTER, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | java.util.concurrent.TimeoutException | RuntimeException e) {
            LOG.info(
                    "Transactions that a dead instance may have left open cannot be ended; the broker times them out: {}",
                    e.toString());
        }
    }

    boolean isOurs(String transactionalId) {
        return ours.matcher(transactionalId).matches();
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
