package io.periodview.api.routing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/** Whether the address that an instance gives to the others leads back to it. Thread-safe. */
public final class AdvertisedAddressCheck {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HostInfo address;
    private final String instance;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** @param instance the id that this instance gives itself */
    public AdvertisedAddressCheck(HostInfo address, String instance) {
        this.address = address;
        this.instance = instance;
    }

    /**
     * What is wrong with it, in a line for a person, or null if nothing is. It may come right by itself: a name may be
     * registered only when the instance is up, and until then nobody answers.
     *
     * @throws AddressTakenException if anything else answers there: others would send it what is meant for this instance
     */
    public @Nullable String problem() throws InterruptedException {
        try {
            InetAddress.getByName(address.host());
        } catch (UnknownHostException e) {
            return "the name " + address.host() + " does not resolve";
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(PeerClient.address(address) + "/"))
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .timeout(TIMEOUT)
                .build();
        try {
            String found = client.send(request, HttpResponse.BodyHandlers.discarding())
                    .headers()
                    .firstValue(ViewHeaders.INSTANCE)
                    .orElse(null);
            if (instance.equals(found)) {
                return null;
            }
            throw new AddressTakenException(
                    address, found == null ? "Something else than this service" : "Another instance of the service");
        } catch (IOException e) {
            if (isAnotherProtocol(e)) {
                throw new AddressTakenException(address, "Something that does not speak HTTP");
            }
            return "nobody answers there";
        }
    }

    /** A connection that is refused or ends without a byte is nobody's: proxies in front of nothing do that. */
    private static boolean isAnotherProtocol(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProtocolException) {
                return true;
            }
        }
        return false;
    }

    /** Something else answers at the address that this instance gives to others. */
    public static final class AddressTakenException extends RuntimeException {
        AddressTakenException(HostInfo address, String who) {
            super(who + " answers at " + address.host() + ":" + address.port()
                    + ". Each instance has an address of its own: say which with --advertise HOST:PORT.");
        }
    }
}
