package io.periodview.streams;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;

/** Keeps the state directory for this instance, until closed or until the process ends. Thread-safe. */
final class StateLock implements Closeable {

    private final FileChannel file;

    private StateLock(FileChannel file) {
        this.file = file;
    }

    /** @throws StateDirectoryInUse if another instance has it */
    static StateLock take(Path stateDir) throws IOException {
        FileChannel file = FileChannel.open(stateDir.resolve("in-use"), CREATE, WRITE);
        boolean ours = false;
        try {
            ours = file.tryLock() != null;
        } catch (OverlappingFileLockException inThisProcess) {
            // not ours either
        } finally {
            if (!ours) {
                file.close();
            }
        }
        if (!ours) {
            throw new StateDirectoryInUse(stateDir);
        }
        return new StateLock(file);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
