package io.periodview.broker;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How to start {@link BrokerMain} in a JVM that shares no class path with its parent: their versions of Kafka differ. */
public final class BrokerProgram {

    private BrokerProgram() {}

    /**
     * The arguments of {@code java} that follow those for the JVM.
     *
     * @param deletedAtExit whether the directory is deleted when the broker shuts down
     * @throws IllegalStateException if a jar of the broker is missing
     */
    public static List<String> arguments(DataDirectory directory, boolean deletedAtExit) {
        return List.of(
                "-Dlogback.configurationFile=io/periodview/broker/broker-logback.xml",
                "-Dbroker.directory=" + directory.path(),
                // One class of Kafka's names log4j's API, which else complains that there is nothing behind it.
                "-Dlog4j.provider=org.apache.logging.log4j.simple.internal.SimpleProvider",
                "-classpath",
                classPath(),
                BrokerMain.class.getName(),
                directory.path().toString(),
                Boolean.toString(deletedAtExit));
    }

    /** This class's own jar or folder, and the jars beside it that the build has copied and listed (see pom.xml). */
    private static String classPath() {
        Path own = ownLocation();
        List<Path> jars =
                Stream.of(listedJars().split(":")).map(own::resolveSibling).toList();
        for (Path jar : jars) {
            if (!Files.exists(jar)) {
                throw new IllegalStateException("The broker's jar " + jar
                        + " is missing: Maven copies it there when it builds the module broker");
            }
        }
        return Stream.concat(Stream.of(own), jars.stream())
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static Path ownLocation() {
        try {
            return Path.of(BrokerProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError("The location of a class is a URI", e);
        }
    }

    private static String listedJars() {
        try (InputStream list = Objects.requireNonNull(BrokerProgram.class.getResourceAsStream("class-path"))) {
            return new String(list.readAllBytes(), UTF_8).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
