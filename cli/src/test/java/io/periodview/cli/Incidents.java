package io.periodview.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.periodview.testkit.Event;
import io.periodview.testkit.ReferenceView;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A file of a year of real incidents, and what is known of it. */
public final class Incidents {

    public static final int TEAMS = 12;
    public static final int EVENTS = 143_021;
    public static final long PERIOD_ACTIONS = 48_437;

    /** All have the first, most the second, few the third, none the last. */
    public static final List<String> FORM_FIELDS = List.of("withinSla", "symptom", "vendor", "nobody's");

    private Incidents() {}

    /** The file; without it the test is skipped and says so. */
    public static Path assumed() {
        String file = System.getProperty("periodview.incidents", "");
        assumeFalse(file.isEmpty(), "There are no real events: -Dperiodview.incidents=FILE says where they are.");
        return Path.of(file);
    }

    /** Called with each event. */
    public interface Reader {
        void event(Event event) throws IOException;
    }

    /** Reads them in order. */
    public static void read(Path file, Reader reader) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.event(Event.ofLine(line));
            }
        }
    }

    public static ReferenceView reference(Path file) throws IOException {
        ReferenceView reference = new ReferenceView();
        read(file, reference::apply);
        return reference;
    }
}
