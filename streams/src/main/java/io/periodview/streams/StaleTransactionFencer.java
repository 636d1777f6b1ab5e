package io.periodview.streams;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transaction that an instance left open when it died, so that the instances that take over its partitions need
 * not wait for the broker to time it out: when a rebalance begins, and again while it lasts, as a dead member stays in the
 * group until its session ends. Never one of this process, nor one of a member of the group: while a frozen member holds
 * up a rebalance, the others cannot commit, and their transactions look as old. Thread-safe.
 */
final class StaleTransactionFencer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StaleTransactionFencer.class);

    /** A live instance commits ten times a second. */
    private static final Duration STALE_AFTER = Duration.ofSeconds(3);

    /** What was young when the rebalance began is old by then. */
    private static final Duration RETRY = STALE_AFTER.plusMillis(500);

    private static final Duration FIRST_RETRY = Duration.ofMillis(500);

    private final Map<String, Object> client;
    private final String applicationId;
    private final String self;
    private final Pattern ours;

    /** Counts beginnings and ends: who notices a change stops. */
    private final AtomicLong rebalances = new AtomicLong();

    private final AtomicLong complainedAt = new AtomicLong();
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "stale-transaction-fencer");
        thread.setDaemon(true);
        return thread;
    });

    /** @param process this one's id, as it is in the transactional ids */
    StaleTransactionFencer(Map<String, Object> client, String applicationId, String process) {
        this.client = client;
        this.applicationId = applicationId;
        this.self = applicationId + "-" + process + "-";
        // Another application's id may begin as ours does.
        this.ours = Pattern.compile(Pattern.quote(applicationId) + "-" + MemberId.PRODUCER);
    }

    void rebalanceBegins() {
        long rebalance = rebalances.incrementAndGet();
        schedule(this::fence, Duration.ZERO);
        schedule(this::fence, FIRST_RETRY);
        schedule(() -> fenceAgain(rebalance), RETRY);
    }

    void rebalanceEnds() {
        rebalances.incrementAndGet();
    }

    private void fenceAgain(long rebalance) {
        fence();
        if (rebalances.get() == rebalance) {
            schedule(() -> fenceAgain(rebalance), RETRY);
        }
    }

    private void schedule(Runnable task, Duration delay) {
        try {
            worker.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("Nothing is fenced any more", closed);
        }
    }

    private void fence() {
        try (Admin admin = Admin.create(client)) {
            // The transactions first: who has begun one of these has been a member for as long.
            List<String> others = get(admin.listTransactions(new ListTransactionsOptions()
                                    .filterStates(Set.of(TransactionState.ONGOING))
                                    .filterOnDuration(STALE_AFTER.toMillis()))
                            .all())
                    .stream()
                    .map(TransactionListing::transactionalId)
                    .filter(this::isAnothers)
                    .toList();
            List<String> left = others.isEmpty() ? others : withoutLiving(others, members(admin));
            if (!left.isEmpty()) {
                get(admin.fenceProducers(left).all());
                LOG.info("Ended transactions that were left open for {} or longer: {}", STALE_AFTER, left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            complain(e.toString());
        }
    }

    /** The ids of the group's members; null for one that is not static. */
    private List<@Nullable String> members(Admin admin)
            throws InterruptedException, ExecutionException, TimeoutException {
        List<@Nullable String> members = new ArrayList<>();
        try {
            get(admin.describeConsumerGroups(List.of(applicationId)).all()).values().stream()
                    .flatMap(group -> group.members().stream())
                    .forEach(member -> members.add(member.groupInstanceId().orElse(null)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw e;
            }
        }
        return members;
    }

    private static <T> T get(KafkaFuture<T> answer) throws InterruptedException, ExecutionException, TimeoutException {
        return answer.get(STALE_AFTER.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * Those that belong to nobody in the group. None, while it has a member of which it is not known which are its own: an
     * older version, in a rolling upgrade.
     */
    List<String> withoutLiving(List<String> transactionalIds, Collection<@Nullable String> members) {
        Set<String> living = new HashSet<>();
        for (@Nullable String member : members) {
            String producer = member == null ? null : MemberId.producerOf(member);
            if (producer == null) {
                complain("the group has a member of an older version, and " + transactionalIds + " may be its own");
                return List.of();
            }
            living.add(applicationId + "-" + producer);
        }
        return transactionalIds.stream().filter(id -> !living.contains(id)).toList();
    }

    /** Whether it is of another instance of this application. */
    boolean isAnothers(String transactionalId) {
        return ours.matcher(transactionalId).matches() && !transactionalId.startsWith(self);
    }

    /** Once for each rebalance. */
    private void complain(String why) {
        long rebalance = rebalances.get();
        if (complainedAt.getAndSet(rebalance) != rebalance) {
            LOG.info(
                    "Transactions that a dead instance may have left open are not ended; the broker times them out: {}",
                    why);
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
