package io.periodview.streams.localstate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where local state goes that cannot be read, so that it can be examined. One piece at a time: the next replaces it,
 * so that this fills no disk.
 */
public final class Quarantine {

    private static final Logger LOG = LoggerFactory.getLogger(Quarantine.class);

    private Quarantine() {}

    /**
     * Moves a task's state, or part of it, out of the application's directory.
     *
     * @param task the directory of the task, which lies in that of the application
     * @param what the task's directory or something in it
     * @param why one line for a person
     * @throws IOException if it cannot be moved, which leaves it where it was
     */
    public static synchronized void move(Path task, Path what, String why) throws IOException {
        Path application = Objects.requireNonNull(task.getParent());
        Path quarantine = application.resolveSibling(application.getFileName() + ".unreadable");
        Utils.delete(quarantine.toFile());
        Files.createDirectories(quarantine);
        Path moved = quarantine.resolve(task.getFileName());
        Files.move(what, moved);
        LOG.error(
                "The local state {} cannot be read: {}. It is restored from Kafka. The files are quarantined in {} until"
                        + " the next such case; delete them if nobody needs them",
                task,
                why,
                moved);
    }
}
