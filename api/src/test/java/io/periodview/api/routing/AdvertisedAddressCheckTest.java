package io.periodview.api.routing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.periodview.api.routing.AdvertisedAddressCheck.AddressTakenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisedAddressCheckTest {

    private static final String OWN = "the id of this instance";

    /** What the check says of a program that answers each request so. */
    private static String problem(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread thread = new Thread(() -> answer(server, answer));
            thread.setDaemon(true);
            thread.start();
            HostInfo address = new HostInfo("127.0.0.1", server.getLocalPort());
            return String.valueOf(new AdvertisedAddressCheck(address, OWN).problem());
        }
    }

    private static void answer(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                if (!answer.isEmpty()) {
                    socket.getInputStream().read(new byte[1_000]);
                    socket.getOutputStream().write(answer.getBytes(UTF_8));
                }
            } catch (IOException e) {
                // closed
            }
        }
    }

    @Test
    void itsOwnAnswerIsNoProblem() throws Exception {
        assertThat(problem("HTTP/1.1 404 Not Found\r\nView-Instance: " + OWN + "\r\nContent-Length: 0\r\n\r\n"))
                .isEqualTo("null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\nView-Instance: another\r\nContent-Length: 0\r\n\r\n",
                "SSH-2.0-OpenSSH_9.2\r\n\r\n"
            })
    void whateverElseAnswersHasTheAddress(String answer) {
        assertThatThrownBy(() -> problem(answer))
                .isInstanceOf(AddressTakenException.class)
                .hasMessageContaining("answers at 127.0.0.1:")
                .hasMessageContaining("--advertise");
    }

    @Test
    void anAddressWhereNobodyAnswersMayComeRight() throws Exception {
        assertThat(problem("")).isEqualTo("nobody answers there");
        int free;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = server.getLocalPort();
        }
        for (HostInfo nobody : List.of(new HostInfo("127.0.0.1", free), new HostInfo("no-such-host.invalid", 80))) {
            assertThat(new AdvertisedAddressCheck(nobody, OWN).problem()).isNotNull();
        }
    }
}
