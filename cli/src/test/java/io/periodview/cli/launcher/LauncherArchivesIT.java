package io.periodview.cli.launcher;

import static org.assertj.core.api.Assertions.assertThat;

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

/** The archives of classes that the launcher makes for faster starts. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launcher is a shell script")
class LauncherArchivesIT {

    @TempDir
    Path directory;

    private LauncherTree tree;

    @BeforeEach
    void plantTree() throws IOException {
        tree = LauncherTree.plant(directory);
    }

    @Test
    void makesArchivesOncePerJava() throws Exception {
        List<String> first = archives(tree.launch("keys"));
        assertThat(first).hasSize(2).allMatch(file -> Files.exists(Path.of(file)));
        assertThat(archives(tree.launch("dev"))).isEqualTo(first);

        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());
        Launch launch = tree.launch("keys");
        assertThat(launch.err()).isEqualTo("period-view: preparing faster starts with this Java ...\n");
        assertThat(archives(launch)).hasSize(2).doesNotContainAnyElementsOf(first);
        assertThat(archives(tree.launch("keys"))).isEqualTo(archives(launch));

        tree.with("JAVA_HOME", "");
        launch = tree.launch("keys");
        assertThat(launch.err()).isEmpty();
        assertThat(archives(launch)).isEqualTo(first);
        assertThat(tree.mavenRuns()).hasSize(1);
        assertThat(tree.trainings()).containsExactly("17.0.15", "25");
    }

    @Test
    void startsWithoutArchivesIfTheyCannotBeMade() throws Exception {
        tree.write("untrainable", "");
        Launch launch = tree.launch("keys");
        assertThat(launch.err()).isEqualTo(LauncherTree.BUILDING);
        assertThat(archives(launch)).isEmpty();

        assertThat(tree.launch("keys").err()).isEmpty();
        assertThat(tree.trainings()).hasSize(1);
        assertThat(directory.resolve("tree/.period-view")).isDirectoryNotContaining("glob:**/{lock,new,pid}*");
    }

    @Test
    void concurrentStartsMakeArchivesOnce() throws Exception {
        tree.launch();
        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());

        Launch first = tree.start("keys");
        Launch second = tree.start("keys");

        assertThat(archives(first.ended())).hasSize(2).isEqualTo(archives(second.ended()));
        assertThat(tree.trainings()).containsExactly("17.0.15", "25");
    }

    /** The archives that Java was told to use. */
    private static List<String> archives(Launch launch) throws IOException {
        return launch.out().stream()
                .filter(argument -> argument.contains("SharedArchiveFile="))
                .map(argument -> argument.substring(argument.lastIndexOf('=') + 1, argument.length() - 1))
                .toList();
    }
}
