package io.periodview.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** The iterators that are open on the view's stores of all instances in this process. */
final class OpenIterators {

    private OpenIterators() {}

    static long count() {
        try {
            MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
            long open = 0;
            int stores = 0;
            for (ObjectName name : beans.queryNames(
                    new ObjectName("kafka.streams:type=stream-state-metrics,rocksdb-state-id=view,*"), null)) {
                open += ((Number) beans.getAttribute(name, "num-open-iterators")).longValue();
                stores++;
            }
            assertThat(stores).isPositive();
            return open;
        } catch (JMException e) {
            throw new AssertionError("num-open-iterators", e);
        }
    }
}
