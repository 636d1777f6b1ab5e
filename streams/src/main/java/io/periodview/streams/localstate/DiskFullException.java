package io.periodview.streams.localstate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** There is no room for local state. The message says where, and what to do. */
public final class DiskFullException extends IOException {

    /** As the operating system words it, which Java and RocksDB pass on. */
    private static final List<String> WORDS = List.of("No space left on device", "Disk quota exceeded");

    public DiskFullException(Path stateDir, @Nullable Throwable cause) {
        super(
                "The disk of the state directory " + stateDir
                        + " is full: make room there, or choose another with more,"
                        + " and start again. What was there is kept.",
                cause);
    }

    /** Tells a full disk from files that are broken: the files are as good as they were. */
    public static boolean isCauseOf(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && WORDS.stream().anyMatch(message::contains)) {
                return true;
            }
        }
        return false;
    }
}
