package io.periodview.bench.ingest;

import io.periodview.streams.PeriodViewService;
import io.periodview.streams.intake.EventTopics;
import io.periodview.streams.metrics.ServiceMetrics;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Utils;

/** Period View itself, without HTTP. */
public final class View {

    private View() {}

    /**
     * When it is to begin again, it has lost its state.
     *
     * <p>Arguments: bootstrap servers, prefix of the topics, partitions, application, state directory.
     */
    public static void main(String[] args) throws Exception {
        Path state = Path.of(args[4]);
        boolean isAgain = true;
        while (isAgain) {
            System.out.println("starting");
            try (PeriodViewService service = PeriodViewService.start(
                    Pipe.settings(args[0], args[3], state),
                    EventTopics.of(new TopicNames(args[1]), args[3], Integer.parseInt(args[2])),
                    ServiceMetrics.NONE)) {
                Thread watch = new Thread(() -> {
                    while (!service.isServing()) {
                        LockSupport.parkNanos(10_000_000); // to look costs more than a glance
                    }
                    System.out.println("running");
                });
                watch.setDaemon(true);
                watch.start();
                isAgain = StandardInput.isAgain();
            }
            Utils.delete(state.toFile());
        }
    }
}
