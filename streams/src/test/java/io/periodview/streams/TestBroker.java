package io.periodview.streams;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.nio.file.Path;

/** A broker that a test has for itself, wherever it comes from. */
interface TestBroker extends AutoCloseable {

    /** For clients. */
    String bootstrapServers();

    @Override
    void close();

    /** The sandbox's. */
    static TestBroker inABox(Path directory) throws InterruptedException {
        Broker broker = Broker.start(BrokerOptions.in(directory));
        return of(broker.bootstrapServers(), broker::close);
    }

    static TestBroker of(String bootstrapServers, Runnable close) {
        return new TestBroker() {
            @Override
            public String bootstrapServers() {
                return bootstrapServers;
            }

            @Override
            public void close() {
                close.run();
            }
        };
    }
}
