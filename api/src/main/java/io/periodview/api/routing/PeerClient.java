package io.periodview.api.routing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The other instances, and which of them are unresponsive: frozen, or cut off. Such an instance is not asked again before it
 * answers a ping, so it costs a client's time once. Thread-safe.
 */
final class PeerClient implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PeerClient.class);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

    /** A large response takes its time before the first byte; meanwhile the other is pinged. */
    private static final Duration PING_AFTER = Duration.ofSeconds(1);

    private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration PING_INTERVAL = Duration.ofMillis(500);
    private static final HttpResponse.BodyHandler<Void> NOTHING = HttpResponse.BodyHandlers.discarding();

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final Map<HostInfo, Boolean> unresponsive = new ConcurrentHashMap<>();
    private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "pings");
        thread.setDaemon(true);
        return thread;
    });

    boolean isUnresponsive(HostInfo host) {
        return unresponsive.containsKey(host);
    }

    /** How many are unresponsive. */
    int unresponsive() {
        return unresponsive.size();
    }

    /** {@code http://host:port}, whatever kind of address it is. */
    static String address(HostInfo host) {
        String name = host.host().indexOf(':') < 0 ? host.host() : '[' + host.host() + ']'; // IPv6
        return "http://" + name + ":" + host.port();
    }

    /**
     * Sends a request and returns when the head of the response is there, as long as the other answers pings.
     *
     * @param timeout for the head of the response
     * @throws IOException if it cannot be reached, breaks off, or is unresponsive
     */
    <T> HttpResponse<T> send(HostInfo host, HttpRequest request, HttpResponse.BodyHandler<T> body, Duration timeout)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<T>> answer = client.sendAsync(request, body);
        long deadline = System.nanoTime() + timeout.toNanos();
        boolean done = false;
        try {
            while (true) {
                HttpResponse<T> head = within(PING_AFTER, answer);
                if (head != null) {
                    done = true;
                    return head;
                }
                if (!isAlive(host)) {
                    throw new IOException(host + " is unresponsive");
                }
                if (System.nanoTime() - deadline > 0) {
                    throw new IOException(host + " does not answer within " + timeout);
                }
            }
        } finally {
            if (!done) {
                answer.cancel(true);
                answer.thenAccept(PeerClient::discard); // it may have come in this very moment
            }
        }
    }

    private static <T> @Nullable T within(Duration time, CompletableFuture<T> future)
            throws IOException, InterruptedException {
        try {
            return future.get(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IOException(e.getCause());
        }
    }

    private static void discard(HttpResponse<?> response) {
        if (response.body() instanceof AutoCloseable body) {
            try {
                body.close();
            } catch (Exception e) {
                LOG.debug("An answer that came too late could not be discarded", e);
            }
        }
    }

    /** Whether it answers a ping within a second; if not, no request is forwarded to it until it answers one. */
    boolean isAlive(HostInfo host) throws InterruptedException {
        boolean alive = answersPing(host);
        if (!alive) {
            markUnresponsive(host);
        }
        return alive;
    }

    private boolean answersPing(HostInfo host) throws InterruptedException {
        HttpRequest ping = HttpRequest.newBuilder(URI.create(address(host) + "/"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(PING_TIMEOUT)
                .build();
        try {
            client.send(ping, NOTHING);
            return true; // whatever it says
        } catch (IOException e) {
            return false;
        }
    }

    private void markUnresponsive(HostInfo host) {
        if (unresponsive.put(host, true) == null) {
            LOG.warn("{} is unresponsive; skipping it until it answers a ping", address(host));
            pingLater(host);
        }
    }

    private void pingLater(HostInfo host) {
        pings.schedule(() -> ping(host), PING_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void ping(HostInfo host) {
        try {
            if (answersPing(host)) {
                unresponsive.remove(host);
                LOG.info("{} answers again", address(host));
            } else {
                pingLater(host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    @Override
    public void close() {
        pings.shutdownNow();
    }
}
