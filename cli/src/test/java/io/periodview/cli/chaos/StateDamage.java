package io.periodview.cli.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Damages local state as a bad disk would. */
final class StateDamage {

    private StateDamage() {}

    /**
     * Truncates one of RocksDB's files, or overwrites a part of it.
     *
     * @return which
     */
    static String damage(Path stateDir, Random random) throws IOException {
        if (Files.notExists(stateDir)) {
            return "nothing: it was stopped before it had state";
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(stateDir)) {
            files = all.filter(file -> file.toString().contains("/rocksdb/") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
        if (files.isEmpty()) {
            return "nothing: there are no files";
        }
        Path file = files.get(random.nextInt(files.size()));
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            if (random.nextBoolean()) {
                open.setLength(open.length() / 2);
            } else {
                byte[] noise = new byte[1 + random.nextInt(100)];
                random.nextBytes(noise);
                open.seek((long) (random.nextDouble() * open.length()));
                open.write(noise);
            }
        }
        return file.toString();
    }
}
