package io.periodview.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.launcher.LauncherTree.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launcher is a shell script")
class LauncherIT {

    private static final String BUILDING = "period-view: building ...\n";

    @TempDir
    Path directory;

    private LauncherTree tree;
    private Path jdk;

    @BeforeEach
    void plantTree() throws IOException {
        // Resolved, because the launcher resolves symlinks too.
        tree = new LauncherTree(directory.toRealPath());
        jdk = tree.jdk("jdk-17", "17.0.15");
        tree.javaOnThePath(jdk);
        tree.mavenOnThePath();
    }

    @Test
    void buildsWhatIsMissingThenStartsWithoutMaven() throws Exception {
        assertThat(launch("--help").err()).isEqualTo(BUILDING);
        assertThat(launch("--help").err()).isEmpty();
        assertThat(tree.mavenRuns()).containsExactly(jdk.toString());
    }

    @Test
    void buildsAgainWhenWhatIsPackagedChanges() throws Exception {
        launch();
        tree.write("topics/src/main/java/Some.java", "changed");
        assertThat(launch().err()).isEqualTo(BUILDING);
        tree.write("topics/topics.yaml", "new");
        assertThat(launch().err()).isEqualTo(BUILDING);
        tree.delete("topics/topics.yaml");
        tree.delete("streams/src/main/java/Some.java");
        assertThat(launch().err()).isEqualTo(BUILDING);
        tree.write("pom.xml", "changed");
        assertThat(launch().err()).isEqualTo(BUILDING);
    }

    @Test
    void doesNotBuildForWhatIsNotPackaged() throws Exception {
        launch();
        tree.write("topics/src/test/java/SomeTest.java", "new");
        tree.write("topics/target/classes/Some.class", "new");
        tree.write("README.md", "new");
        assertThat(launch().err()).isEmpty();
    }

    @Test
    void goingBackToAnEarlierStateFindsItBuilt() throws Exception {
        launch();
        tree.write("pom.xml", "changed");
        launch();
        tree.write("pom.xml", "parent");
        assertThat(launch().err()).isEmpty();
    }

    @Test
    void becomesJavaAndPassesTheArgumentsOn() throws Exception {
        Launch launch = launch("keys", "create", "a b", "", "*", "wait $HOME");

        List<String> out = launch.out();
        assertThat(out).startsWith("jdk-17", "pid " + launch.process().pid());
        assertThat(out)
                .endsWith("[io.periodview.cli.Main]", "[keys]", "[create]", "[a b]", "[]", "[*]", "[wait $HOME]");
        assertThat(out).noneMatch(line -> line.contains("terminal"));
    }

    @Test
    void javaHomeWinsOverThePath() throws Exception {
        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());

        assertThat(launch().out()).startsWith("jdk-25").contains("[--enable-native-access=ALL-UNNAMED]");
        assertThat(tree.mavenRuns()).singleElement().asString().endsWith("jdk-25");
    }

    @Test
    void jvmOptionsPassThrough() throws Exception {
        tree.with("PERIOD_VIEW_JAVA_OPTS", "-Xmx2g -Da=*  -XX:+UseSerialGC");

        assertThat(launch().out())
                .contains("[-Xmx2g]", "[-Da=*]", "[-XX:+UseSerialGC]")
                .doesNotContain("[-XX:+UseG1GC]", "[--enable-native-access=ALL-UNNAMED]");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        tree.with("JAVA_HOME", "/nowhere");
        assertThat(failure()).startsWith("period-view: JAVA_HOME is /nowhere, where there is no bin/java.");

        tree.with("JAVA_HOME", tree.jdk("jdk-8", "1.8.0_402").toString());
        assertThat(failure()).contains("jdk-8/bin/java is Java 1. Period View needs a JDK, 17 or newer");

        tree.with("JAVA_HOME", "");
        Files.delete(jdk.resolve("bin/javac"));
        assertThat(failure()).contains("is a runtime without a compiler");

        Files.delete(directory.resolve("bin/mvn"));
        assertThat(failure()).contains("there is no Maven to build it");

        Files.delete(directory.resolve("bin/java"));
        assertThat(failure()).startsWith("period-view: There is no Java.");
    }

    @Test
    void worksThroughSymlinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("tree/period-view"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);

        Launch launch = tree.start(second, "--help").ended();

        assertThat(launch.status()).isZero();
        assertThat(tree.jarFolders()).hasSize(1);
    }

    @Test
    void ofTwoAtOnceOneBuilds() throws Exception {
        tree.write("hold", "");
        Launch first = tree.start();
        await().until(() -> tree.mavenRuns().size() == 1);
        Launch second = tree.start();
        await().until(() -> second.err().startsWith("period-view: waiting for the build of process "));

        tree.delete("hold");

        assertThat(first.ended().status()).isZero();
        assertThat(second.ended().status()).isZero();
        assertThat(second.err()).hasLineCount(1);
        assertThat(tree.mavenRuns()).hasSize(1);
    }

    @Test
    void theLockOfADeadProcessIsTakenOver() throws Exception {
        tree.write(".period-view/lock", launch().process().pid() + "\n");
        tree.write("pom.xml", "changed");

        assertThat(launch().err()).isEqualTo(BUILDING);
        assertThat(directory.resolve("tree/.period-view/lock")).doesNotExist();
    }

    @Test
    void whatMavenSaysIsShownWhenItFails() throws Exception {
        tree.write("broken", "");
        assertThat(failure())
                .isEqualTo(BUILDING
                        + "[ERROR] it is broken\nperiod-view: The build failed; what Maven said stands above.\n");

        tree.delete("broken");
        assertThat(launch().err()).isEqualTo(BUILDING);
    }

    @Test
    void aBuildThatIsInterruptedLeavesNothingBehind() throws Exception {
        tree.write("hold", "");
        Launch launch = tree.start();
        await().until(() -> tree.mavenRuns().size() == 1);
        List<ProcessHandle> maven = launch.process().children().toList();

        launch.process().destroy();

        assertThat(launch.ended().status()).isEqualTo(128 + 15);
        await().until(() -> maven.stream().noneMatch(ProcessHandle::isAlive));
        assertThat(directory.resolve("tree/.period-view")).isDirectoryNotContaining("glob:**/{lock,new,pid}*");
    }

    @Test
    void theJarsOfARunningProcessStay() throws Exception {
        Launch running = tree.start("wait");
        await().until(() -> running.out().contains("[wait]"));
        String used = tree.jarFolders().get(0);
        for (int i = 0; i < 3; i++) {
            tree.write("pom.xml", "state " + i);
            launch();
        }
        assertThat(tree.jarFolders()).hasSize(3).contains(used);

        running.process().destroy();
        running.ended();
        tree.write("pom.xml", "last state");
        launch();

        assertThat(tree.jarFolders()).hasSize(2).doesNotContain(used);
    }

    @Test
    void everyJavaGetsItsArchivesOnce() throws Exception {
        List<String> first = archives(launch("keys"));
        assertThat(first).hasSize(2).allMatch(file -> Files.exists(Path.of(file)));
        assertThat(archives(launch("dev"))).isEqualTo(first);

        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());
        Launch launch = launch("keys");
        assertThat(launch.err()).isEqualTo("period-view: preparing faster starts with this Java ...\n");
        assertThat(archives(launch)).hasSize(2).doesNotContainAnyElementsOf(first);
        assertThat(archives(launch("keys"))).isEqualTo(archives(launch));

        tree.with("JAVA_HOME", "");
        launch = launch("keys");
        assertThat(launch.err()).isEmpty();
        assertThat(archives(launch)).isEqualTo(first);
        assertThat(tree.mavenRuns()).hasSize(1);
        assertThat(tree.trainings()).containsExactly("17.0.15", "25");
    }

    @Test
    void archivesThatCannotBeMadeDoNoHarm() throws Exception {
        tree.write("untrainable", "");
        Launch launch = launch("keys");
        assertThat(launch.err()).isEqualTo(BUILDING);
        assertThat(archives(launch)).isEmpty();

        assertThat(launch("keys").err()).isEmpty();
        assertThat(tree.trainings()).hasSize(1);
        assertThat(directory.resolve("tree/.period-view")).isDirectoryNotContaining("glob:**/{lock,new,pid}*");
    }

    @Test
    void ofTwoAtOnceOneMakesTheArchives() throws Exception {
        launch();
        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());

        Launch first = tree.start("keys");
        Launch second = tree.start("keys");

        assertThat(archives(first.ended())).hasSize(2).isEqualTo(archives(second.ended()));
        assertThat(tree.trainings()).containsExactly("17.0.15", "25");
    }

    /** The files that Java was told to take classes from. */
    private static List<String> archives(Launch launch) throws IOException {
        return launch.out().stream()
                .filter(argument -> argument.contains("SharedArchiveFile="))
                .map(argument -> argument.substring(argument.lastIndexOf('=') + 1, argument.length() - 1))
                .toList();
    }

    private Launch launch(String... arguments) throws IOException, InterruptedException {
        Launch launch = tree.start(arguments).ended();
        assertThat(launch.status()).as(launch.err()).isZero();
        return launch;
    }

    private String failure() throws IOException, InterruptedException {
        Launch launch = tree.start().ended();
        assertThat(launch.status()).isEqualTo(1);
        assertThat(launch.out()).isEmpty();
        return launch.err();
    }
}
