package io.periodview.cli.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small disk of its own for the state of one instance, where this process may mount one. */
final class StateDisk implements AutoCloseable {

    private final Path mount;

    private StateDisk(Path mount) {
        this.mount = mount;
    }

    /** Whether this process may; if not, full and unwritable disks cannot be tried. */
    static boolean isPermitted(Path scratch) throws IOException, InterruptedException {
        Path trial = Files.createDirectories(scratch.resolve("mount-trial"));
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", trial.toString());
        return mounted && run("umount", trial.toString());
    }

    static StateDisk mount(Path where, int megabytes) throws IOException, InterruptedException {
        Files.createDirectories(where);
        if (!run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", where.toString())) {
            throw new IOException("No disk can be mounted at " + where);
        }
        return new StateDisk(where);
    }

    Path path() {
        return mount;
    }

    /** Fills all free space, also what has become free since the last time. */
    void fill() throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (var filler =
                Files.newOutputStream(mount.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                filler.write(megabyte);
            }
        } catch (IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    void free() throws IOException {
        Files.deleteIfExists(mount.resolve("filler"));
    }

    void setWritable(boolean writable) throws IOException, InterruptedException {
        if (!run("mount", "-o", "remount," + (writable ? "rw" : "ro"), mount.toString())) {
            throw new IOException(mount + " cannot be remounted");
        }
    }

    @Override
    public void close() throws IOException {
        try {
            if (!run("umount", "-l", mount.toString())) {
                throw new IOException(mount + " cannot be unmounted");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(command))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
