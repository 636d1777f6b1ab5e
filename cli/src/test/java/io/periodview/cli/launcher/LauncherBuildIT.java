package io.periodview.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.periodview.cli.launcher.LauncherTree.Launch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** When the launcher builds, and that builds do not disturb each other or what runs. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launcher is a shell script")
class LauncherBuildIT {

    @TempDir
    Path directory;

    private LauncherTree tree;

    @BeforeEach
    void plantTree() throws IOException {
        tree = LauncherTree.plant(directory);
    }

    @Test
    void buildsOnceThenStartsWithoutMaven() throws Exception {
        assertThat(tree.launch("--help").err()).isEqualTo(LauncherTree.BUILDING);
        assertThat(tree.launch("--help").err()).isEmpty();
        assertThat(tree.mavenRuns()).containsExactly(tree.defaultJdk().toString());
    }

    @Test
    void buildsAgainWhenAPackagedFileChanges() throws Exception {
        tree.launch();
        tree.write("topics/src/main/java/Some.java", "changed");
        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
        tree.write("topics/topics.yaml", "new");
        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
        tree.delete("topics/topics.yaml");
        tree.delete("streams/src/main/java/Some.java");
        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
        tree.write("pom.xml", "changed");
        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
    }

    @Test
    void doesNotBuildForFilesThatAreNotPackaged() throws Exception {
        tree.launch();
        tree.write("topics/src/test/java/SomeTest.java", "new");
        tree.write("topics/target/classes/Some.class", "new");
        tree.write("README.md", "new");
        assertThat(tree.launch().err()).isEmpty();
    }

    @Test
    void findsAnEarlierStateBuilt() throws Exception {
        tree.launch();
        tree.write("pom.xml", "changed");
        tree.launch();
        tree.write("pom.xml", "parent");
        assertThat(tree.launch().err()).isEmpty();
    }

    @Test
    void concurrentStartsBuildOnce() throws Exception {
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
    void takesOverTheLockOfADeadProcess() throws Exception {
        tree.write(".period-view/lock", tree.launch().process().pid() + "\n");
        tree.write("pom.xml", "changed");

        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
        assertThat(directory.resolve("tree/.period-view/lock")).doesNotExist();
    }

    @Test
    void showsMavensOutputWhenTheBuildFails() throws Exception {
        tree.write("broken", "");
        assertThat(tree.failure())
                .isEqualTo(LauncherTree.BUILDING
                        + "[ERROR] it is broken\nperiod-view: The build failed; what Maven said stands above.\n");

        tree.delete("broken");
        assertThat(tree.launch().err()).isEqualTo(LauncherTree.BUILDING);
    }

    @Test
    void anInterruptedBuildLeavesNothingBehind() throws Exception {
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
    void keepsTheJarsOfARunningProcess() throws Exception {
        Launch running = tree.start("wait");
        await().until(() -> running.out().contains("[wait]"));
        String used = tree.jarFolders().get(0);
        for (int i = 0; i < 3; i++) {
            tree.write("pom.xml", "state " + i);
            tree.launch();
        }
        assertThat(tree.jarFolders()).hasSize(3).contains(used);

        running.process().destroy();
        running.ended();
        tree.write("pom.xml", "last state");
        tree.launch();

        assertThat(tree.jarFolders()).hasSize(2).doesNotContain(used);
    }
}
