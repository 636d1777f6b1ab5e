package io.periodview.api.status;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this process is made of. */
public record Versions(String periodView, String kafka, String java) {

    public static Versions ofThisProcess() {
        Properties build = build();
        return new Versions(
                build.getProperty("version"),
                build.getProperty("kafka"),
                Runtime.version().toString());
    }

    private static Properties build() {
        Properties build = new Properties();
        try (InputStream resource = Versions.class.getResourceAsStream("build.properties")) {
            if (resource == null) {
                throw new IllegalStateException("build.properties is missing from the jar");
            }
            build.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException("build.properties cannot be read", e);
        }
        return build;
    }
}
