package io.periodview.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A small tree with the real launcher in it, and fakes of {@code java} and {@code mvn} that record how they were called:
 * the real ones would take minutes. Its PATH has nothing but these and what the launcher may use of POSIX.
 */
final class LauncherTree {

    /** Everything that the launcher needs besides Java and Maven. */
    private static final List<String> TOOLS = List.of(
            "cat",
            "cksum",
            "cp",
            "dirname",
            "find",
            "head",
            "ln",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "sh",
            "sleep",
            "sort",
            "tail",
            "tr");

    static final String BUILDING = "period-view: building ...\n";

    private final Path directory;
    private final Path root;
    private final Path bin;
    private final Path mavenRuns;
    private final Path trainings;
    private final Map<String, String> environment = new HashMap<>();

    /** With a JDK 17 and Maven on the PATH. */
    static LauncherTree plant(Path directory) throws IOException {
        // Resolved, because the launcher resolves symlinks too.
        LauncherTree tree = new LauncherTree(directory.toRealPath());
        Path jdk = tree.jdk("jdk-17", "17.0.15");
        Files.createSymbolicLink(tree.bin.resolve("java"), jdk.resolve("bin/java"));
        tree.mavenOnThePath();
        return tree;
    }

    private LauncherTree(Path directory) throws IOException {
        this.directory = directory;
        root = Files.createDirectory(directory.resolve("tree"));
        bin = Files.createDirectory(directory.resolve("bin"));
        mavenRuns = directory.resolve("maven-runs");
        trainings = directory.resolve("trainings");
        environment.put("PATH", bin.toString());
        for (String tool : TOOLS) {
            executable(bin.resolve(tool), "#!/bin/sh\nexec " + find(tool) + " \"$@\"\n");
        }
        executable(root.resolve("period-view"), Files.readString(repository().resolve("period-view")));
        for (String module : List.of("topics", "broker", "sandbox", "streams", "api", "cli")) {
            write(module + "/pom.xml", module);
            write(module + "/src/main/java/Some.java", module);
        }
        write("pom.xml", "parent");
        write(".mvn/jvm.config", "");
    }

    /**
     * A JDK that says it has this version, and otherwise prints its name, its pid and its arguments. Told to archive
     * classes it does so when it is stopped, at once if there is a file {@code untrainable}, then with a failure.
     */
    Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        Files.createDirectory(home.resolve("bin"));
        executable(home.resolve("bin/javac"), "#!/bin/sh\n");
        executable(
                home.resolve("bin/java"), """
                #!/bin/sh
                case "$*" in
                    -version) echo 'openjdk version "%1$s" 2025-01-01' >&2 ;;
                    "-XshowSettings:properties -version") echo "    java.home = %2$s" >&2 ;;
                    *ArchiveClassesAtExit*)
                        echo "%1$s" >>%4$s
                        [ ! -f %5$s ] || exit 1
                        for argument; do
                            case $argument in *ArchiveClassesAtExit=*) echo >"${argument##*=}" ;; esac
                        done
                        trap 'exit 0' TERM
                        echo "ready http://127.0.0.1:1"
                        while :; do sleep 0.05; done ;;
                    *)
                        echo "%3$s"
                        echo "pid $$"
                        for argument; do echo "[$argument]"; done
                        case "$*" in *wait) exec sleep 60 ;; esac ;;
                esac
                """.formatted(version, home, name, trainings, root.resolve("untrainable")));
        return home;
    }

    /** The one on the PATH. */
    Path defaultJdk() {
        return directory.resolve("jdk-17");
    }

    /** Counts its runs; waits while there is a file {@code hold}, fails if there is a file {@code broken}. */
    private void mavenOnThePath() throws IOException {
        executable(bin.resolve("mvn"), """
                #!/bin/sh
                case "$*" in *-version) echo "Apache Maven 3.8.7 (x)"; exit ;; esac
                echo "$JAVA_HOME" >>%s
                while [ -f hold ]; do sleep 0.05; done
                if [ -f broken ]; then echo "[ERROR] it is broken"; exit 1; fi
                for argument; do
                    case $argument in -DoutputDirectory=*) echo >"${argument#*=}/dependency.jar" ;; esac
                done
                mkdir -p cli/.period-view/build
                echo >cli/.period-view/build/period-view-cli-0.1.0.jar
                """.formatted(mavenRuns));
    }

    /** The JAVA_HOME of every build so far. */
    List<String> mavenRuns() throws IOException {
        return Files.exists(mavenRuns) ? Files.readAllLines(mavenRuns) : List.of();
    }

    /** The version of Java of every attempt so far to archive the classes. */
    List<String> trainings() throws IOException {
        return Files.exists(trainings) ? Files.readAllLines(trainings) : List.of();
    }

    LauncherTree with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    void write(String file, String content) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, content);
    }

    void delete(String file) throws IOException {
        Files.delete(root.resolve(file));
    }

    /** The names of the finished class paths. */
    List<String> jarFolders() throws IOException {
        try (Stream<Path> folders = Files.list(root.resolve(".period-view/jars"))) {
            return folders.map(folder -> folder.getFileName().toString()).toList();
        }
    }

    /** Runs the launcher, which must succeed. */
    Launch launch(String... arguments) throws IOException, InterruptedException {
        Launch launch = start(arguments).ended();
        assertThat(launch.status()).as(launch.err()).isZero();
        return launch;
    }

    /** What the launcher prints to stderr when it fails. */
    String failure() throws IOException, InterruptedException {
        Launch launch = start().ended();
        assertThat(launch.status()).isEqualTo(1);
        assertThat(launch.out()).isEmpty();
        return launch.err();
    }

    /** Starts the launcher from another folder. */
    Launch start(String... arguments) throws IOException {
        return start(root.resolve("period-view"), arguments);
    }

    Launch start(Path command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(Arrays.asList(arguments));
        Path err = Files.createTempFile(directory, "err", "");
        Path out = Files.createTempFile(directory, "out", "");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Launch(builder.start(), out, err);
    }

    /** One run of the launcher. */
    record Launch(Process process, Path outFile, Path errFile) {

        /** Waits for its end. */
        Launch ended() throws InterruptedException {
            process.waitFor();
            return this;
        }

        int status() {
            return process.exitValue();
        }

        List<String> out() throws IOException {
            return Files.readAllLines(outFile);
        }

        String err() throws IOException {
            return Files.readString(errFile);
        }
    }

    private static void executable(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path find(String tool) {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("There is no " + tool + " on the PATH"));
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("period-view"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException(
                        "There is no launcher in or above " + Path.of("").toAbsolutePath());
            }
        }
        return folder;
    }
}
