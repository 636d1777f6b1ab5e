package io.periodview.streams.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a full disk from files that are broken: the files are as good as they were. */
public final class FullDisk {

    /** As the operating system words it, which Java and RocksDB pass on. */
    private static final List<String> WORDS = List.of("No space left on device", "Disk quota exceeded");

    private FullDisk() {}

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
