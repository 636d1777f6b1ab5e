package io.periodview.streams;

import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.kafka.KafkaContainer;

/** The same with the image of a broker that {@code docker-compose.yml} starts. */
class EventsInContainerIT extends EventsIT {

    private static final String IMAGE = "apache/kafka:4.2.2";

    @Override
    TestBroker startBroker() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            skip("no Docker engine answers");
        }
        KafkaContainer container = new KafkaContainer(IMAGE);
        try {
            container.start();
        } catch (ContainerFetchException e) {
            skip("the image " + IMAGE + " is not there and cannot be pulled");
        }
        return TestBroker.of(container.getBootstrapServers(), container::stop);
    }

    /** Aloud: a build must not look as if this had been tested. */
    private static void skip(String why) {
        System.out.println("SKIPPED: EventsInContainerIT: " + why + ".");
        Assumptions.abort(why);
    }
}
