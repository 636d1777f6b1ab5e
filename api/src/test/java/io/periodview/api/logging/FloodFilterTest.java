package io.periodview.api.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.AppenderBase;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FloodFilterTest {

    private static final String KAFKA = "org.apache.kafka.clients.consumer.internals.FetchCollector";
    private static final Duration LONG = Duration.ofHours(1);

    private final LoggerContext context = new LoggerContext();
    private final Queue<String> written = new ConcurrentLinkedQueue<>();

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void ofTheSameMessageOnlyTheFirstAreLogged() {
        Logger kafka = logger(KAFKA, LONG);
        for (int i = 0; i < 10_000; i++) {
            kafka.warn(
                    "[Consumer clientId=" + letters(i) + ", groupId=g] Received unknown topic {} with id " + i,
                    "actions");
        }
        kafka.warn("Something else");
        assertThat(written).hasSize(RepeatedLines.LIMIT + 1).contains("WARN Something else");
    }

    @Test
    void aLineSaysHowManyWereLeftOutAndThenAllBeginsAnew() {
        Logger kafka = logger(KAFKA, Duration.ofMillis(100));
        int flood = 200;
        for (int i = 0; i < flood; i++) {
            kafka.warn("The topic {} is gone", "actions");
        }
        await().until(() -> leftOut() + logged() == flood);
        assertThat(written)
                .anyMatch(line -> line.startsWith("WARN ")
                        && line.endsWith(
                                " more lines like this one were left out within a minute: The topic {} is gone"));

        int before = logged();
        await().untilAsserted(() -> {
            kafka.warn("The topic {} is gone", "actions");
            assertThat(logged()).isGreaterThan(before);
        });
    }

    @Test
    void everyKindIsReported() {
        Logger kafka = logger(KAFKA, Duration.ofMillis(100));
        int kinds = 2 * RepeatedLines.LIMIT;
        for (int i = 0; i < kinds * 100; i++) {
            kafka.warn("Kind " + letters(i % kinds));
        }
        await().until(() -> leftOut()
                        + written.stream()
                                .filter(line -> line.startsWith("WARN Kind"))
                                .count()
                == kinds * 100);
    }

    private int logged() {
        return (int) written.stream()
                .filter(line -> line.equals("WARN The topic actions is gone"))
                .count();
    }

    private long leftOut() {
        return written.stream()
                .filter(line -> line.contains(" more lines "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[1]))
                .sum();
    }

    @Test
    void stackTracesCountMore() {
        Logger kafka = logger(KAFKA, LONG);
        for (int i = 0; i < 1_000; i++) {
            kafka.error("It failed", new IllegalStateException("again"));
        }
        assertThat(written).hasSize(RepeatedLines.LIMIT / RepeatedLines.COST_OF_A_TRACE);
    }

    @Test
    void ourErrorsRequestsAndWhatWasAskedForAreNeverLost() {
        Logger ours = logger("io.periodview.streams.PeriodViewService", LONG);
        for (int i = 0; i < 100; i++) {
            ours.error("The service failed");
        }
        assertThat(written).hasSize(100);
        written.clear();

        Logger requests = logger("io.periodview.requests", LONG);
        for (int i = 0; i < 100; i++) {
            requests.info("{} {}", "GET", "/periods");
        }
        assertThat(written).hasSize(100);
        written.clear();

        Logger kafka = logger(KAFKA, LONG);
        for (int i = 0; i < 100; i++) {
            kafka.debug("An attempt");
        }
        assertThat(written).hasSize(100);
    }

    @Test
    void ourWarningsAreBoundedToo() {
        Logger ours = logger("io.periodview.api.routing.PeerClient", LONG);
        for (int i = 0; i < 100; i++) {
            ours.warn("{} is unresponsive", i);
        }
        assertThat(written).hasSize(RepeatedLines.LIMIT);
    }

    @Test
    void messagesWithoutEndAreBoundedTogether() {
        Logger kafka = logger(KAFKA, LONG);
        for (int i = 0; i < 100_000; i++) {
            kafka.warn(letters(i));
        }
        assertThat(written.size()).isLessThanOrEqualTo((RepeatedLines.MAX_KINDS + 1) * RepeatedLines.LIMIT);
    }

    /** Another text for each number, without digits. */
    private static String letters(int number) {
        return Integer.toString(number)
                .chars()
                .mapToObj(digit -> String.valueOf((char) (digit - '0' + 'a')))
                .collect(Collectors.joining());
    }

    private Logger logger(String name, Duration window) {
        context.setMDCAdapter(new LogbackMDCAdapter());
        FloodFilter filter = new FloodFilter(window);
        filter.setContext(context);
        filter.start();
        Queue<String> lines = written;
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                lines.add(event.getLevel() + " " + event.getFormattedMessage());
            }
        };
        appender.setContext(context);
        appender.addFilter(filter);
        appender.start();
        Logger logger = context.getLogger(name);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(appender);
        return logger;
    }

    @Test
    void isInTheConfiguration() {
        Logger root = ((LoggerContext) org.slf4j.LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.getAppender("STDERR").getCopyOfAttachedFiltersList())
                .extracting(Object::getClass)
                .isEqualTo(List.of(FloodFilter.class));
    }
}
