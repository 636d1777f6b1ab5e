package io.periodview.streams.cluster;

import io.periodview.streams.checkpoint.CheckpointCheck;
import io.periodview.streams.checkpoint.LogFacts;
import io.periodview.streams.checkpoint.Verdict;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.streams.partition.LocalPartitions;
import io.periodview.streams.partition.OwnedPartition;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells each partition the result of its check, logs it when it changes, and counts what was lost. Not thread-safe. */
final class PartitionCheck {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionCheck.class);

    private final CheckpointCheck check;
    private final ServiceMetrics metrics;
    private final Set<Verdict.Gap> counted = new HashSet<>();
    private final Set<Integer> refused = new HashSet<>();

    PartitionCheck(CheckpointCheck check, ServiceMetrics metrics) {
        this.check = check;
        this.metrics = metrics;
    }

    /**
     * @param rows that were read before the brokers were asked
     * @return whether it is known whether the partition may be shown
     */
    boolean judge(LocalPartitions hosted, int partition, HostedRows rows, LogFacts facts) {
        OwnedPartition owned = rows.owned();
        if (owned != hosted.active(partition)) {
            return false; // its role has changed meanwhile
        }
        if (owned == null) {
            if (!rows.isWhole()) {
                return false; // how far it goes is not known before
            }
            if (rows.checkpoint() == null && rows.isEmpty() && !rows.isOfOlderVersion()) {
                return true; // its owner may have written since; it is not shown until it says how far it goes
            }
            hosted.replica(partition).judge(rows.generation(), whyNotShown(check.check(partition, rows, facts)));
            return true;
        }
        Verdict verdict = check.check(partition, rows, owned.admission().isOpen() ? withRoom(facts) : facts);
        if (!verdict.gaps().isEmpty()) {
            // The end that the brokers named is not before what had been read. But some of what they have deleted since
            // may have been applied in between.
            HostedRows after = HostedRows.of(hosted, partition);
            if (after == null) {
                return false;
            }
            verdict = check.check(partition, after, facts);
        }
        if (owned.admission().judge(verdict, facts)) {
            log(partition, verdict);
        }
        count(verdict);
        return !owned.admission().isWaiting();
    }

    private static @Nullable String whyNotShown(Verdict verdict) {
        if (verdict instanceof Verdict.Refused no) {
            return no.why();
        }
        return ((Verdict.Admitted) verdict).start().complete() ? null : "The view is being built from the topics.";
    }

    /** An owner that reads on is as up to date as it was when the brokers were asked the last time but one. */
    private static LogFacts withRoom(LogFacts facts) {
        return new LogFacts(
                facts.askedAt(),
                facts.topics(),
                facts.ranges(),
                facts.diverged(),
                facts.written(),
                facts.committed(),
                facts.skips(),
                facts.deletionsKept().plusMinutes(1));
    }

    private void log(int partition, Verdict verdict) {
        if (verdict instanceof Verdict.Refused no) {
            refused.add(partition);
            LOG.error("Partition {} is not served: {}", partition, no.why());
        } else if (verdict instanceof Verdict.Admitted admitted) {
            admitted.notes().forEach(LOG::warn);
            if (refused.remove(partition)) {
                LOG.info("Partition {} is served again", partition);
            }
        }
    }

    private void count(Verdict verdict) {
        for (Verdict.Gap gap : verdict.gaps()) {
            if (counted.add(gap)) {
                metrics.lost(gap.offsets());
            }
        }
    }
}
