package io.periodview.cli.serve;

import io.periodview.api.routing.AdvertisedAddressCheck;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that other instances can reach this one, before it joins them. An unreachable address does not prevent the start,
 * as names are often registered later; it is checked again until it is right.
 */
final class AdvertiseWatch {

    private static final Logger LOG = LoggerFactory.getLogger(AdvertiseWatch.class);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(10);

    private AdvertiseWatch() {}

    /** @throws AdvertisedAddressCheck.AddressTakenException if something else has it */
    static void check(HostInfo self, String instance) throws InterruptedException {
        AdvertisedAddressCheck address = new AdvertisedAddressCheck(self, instance);
        @Nullable String problem = address.problem();
        if (problem != null) {
            LOG.warn(
                    "Other instances cannot reach this one at {}:{}: {}. They answer for the teams it owns from"
                            + " standbys, or with 503. Is --advertise right?",
                    self.host(),
                    self.port(),
                    problem);
            Thread watch = new Thread(() -> awaitReachable(self, address), "advertise-watch");
            watch.setDaemon(true);
            watch.start();
        }
    }

    private static void awaitReachable(HostInfo self, AdvertisedAddressCheck address) {
        try {
            do {
                TimeUnit.NANOSECONDS.sleep(CHECK_INTERVAL.toNanos());
            } while (address.problem() != null);
            LOG.info("{}:{} leads to this instance now", self.host(), self.port());
        } catch (AdvertisedAddressCheck.AddressTakenException e) {
            LOG.error(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
