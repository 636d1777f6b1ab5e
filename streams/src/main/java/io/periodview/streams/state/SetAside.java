package io.periodview.streams.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where local state goes that cannot be read, for whoever wants to know why. One piece at a time: the next takes its
 * place, so that this fills no disk.
 */
public final class SetAside {

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

    private SetAside() {}

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
        Path aside = application.resolveSibling(application.getFileName() + ".unreadable");
        Utils.delete(aside.toFile());
        Files.createDirectories(aside);
        Path moved = aside.resolve(task.getFileName());
        Files.move(what, moved);
        LOG.error(
                "The local state {} cannot be read: {}. It is restored from Kafka. The files are set aside in {} until"
                        + " the next such case; delete them if nobody wants to look at them",
                task,
                why,
                moved);
    }
}
