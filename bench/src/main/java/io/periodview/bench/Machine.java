package io.periodview.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Where and when it was measured.
 *
 * @param commit of the sources, with a + if they were changed
 */
record Machine(LocalDate date, String processor, int cores, long memoryGiB, String system, String java, String commit) {

    static Machine current(Path sources) throws IOException, InterruptedException {
        return new Machine(
                LocalDate.now(ZoneOffset.UTC),
                field(Path.of("/proc/cpuinfo"), "model name"),
                Runtime.getRuntime().availableProcessors(),
                Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("\\D", "")) >> 20,
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("java.version"),
                commit(sources));
    }

    private static String field(Path file, String name) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.startsWith(name))
                .findFirst()
                .map(line -> line.substring(line.indexOf(':') + 1).trim())
                .orElse("unknown");
    }

    private static String commit(Path sources) throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty=+")
                .directory(sources.toFile())
                .start();
        String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        return git.waitFor() == 0 ? said : "unknown";
    }

    @Override
    public String toString() {
        return String.format(
                "%s, %d cores (%s), %d GiB, %s, Java %s, commit %s",
                date, cores, processor, memoryGiB, system, java, commit);
    }
}
