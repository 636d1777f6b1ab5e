package io.periodview.api.http;

import io.periodview.sandbox.Broker;
import io.periodview.sandbox.BrokerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * A broker that is started for the first test class of this process that registers it, and stopped after the last. The
 * services that are started on it have topics of their own. One thread at a time.
 */
final class SharedBroker implements BeforeAllCallback {

    private @Nullable Running running;

    @Override
    public void beforeAll(ExtensionContext context) {
        running = sessionStore(context).computeIfAbsent(Running.class, type -> Running.start(), Running.class);
    }

    /** What all test classes of this process share. What came last into it is closed first. */
    static Store sessionStore(ExtensionContext context) {
        return context.getStore(StoreScope.LAUNCHER_SESSION, Namespace.create(SharedBroker.class));
    }

    /** Creates the topics of a service, which has no instances yet. */
    RunningService newService(String name, int standbys) throws InterruptedException {
        Running on = Objects.requireNonNull(running, "a static field with @RegisterExtension");
        String unique = name + on.services++;
        return RunningService.create(on.broker, on.directory.resolve(unique), unique, standbys);
    }

    private static final class Running implements AutoCloseable {

        final Path directory;
        final Broker broker;
        int services;

        private Running(Path directory) throws InterruptedException {
            this.directory = directory;
            this.broker = Broker.start(BrokerOptions.in(directory.resolve("broker")));
        }

        static Running start() {
            try {
                return new Running(Files.createTempDirectory("period-view-http"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("Interrupted while the broker started", e);
            }
        }

        @Override
        public void close() throws IOException {
            broker.close();
            Utils.delete(directory.toFile());
        }
    }
}
