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

/** How the launcher becomes Java: which one, with which arguments and options. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The launcher is a shell script")
class LauncherIT {

    @TempDir
    Path directory;

    private LauncherTree tree;

    @BeforeEach
    void plantTree() throws IOException {
        tree = LauncherTree.plant(directory);
    }

    @Test
    void becomesJavaWithTheSameArguments() throws Exception {
        Launch launch = tree.launch("keys", "create", "a b", "", "*", "wait $HOME");

        List<String> out = launch.out();
        assertThat(out).startsWith("jdk-17", "pid " + launch.process().pid());
        assertThat(out)
                .endsWith("[io.periodview.cli.Main]", "[keys]", "[create]", "[a b]", "[]", "[*]", "[wait $HOME]");
        assertThat(out).noneMatch(line -> line.contains("terminal"));
    }

    @Test
    void javaHomeWinsOverThePath() throws Exception {
        tree.with("JAVA_HOME", tree.jdk("jdk-25", "25").toString());

        assertThat(tree.launch().out()).startsWith("jdk-25").contains("[--enable-native-access=ALL-UNNAMED]");
        assertThat(tree.mavenRuns()).singleElement().asString().endsWith("jdk-25");
    }

    @Test
    void passesJvmOptionsThrough() throws Exception {
        tree.with("PERIOD_VIEW_JAVA_OPTS", "-Xmx2g -Da=*  -XX:+UseSerialGC");

        assertThat(tree.launch().out())
                .contains("[-Xmx2g]", "[-Da=*]", "[-XX:+UseSerialGC]")
                .doesNotContain("[-XX:+UseG1GC]", "[--enable-native-access=ALL-UNNAMED]");
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        tree.with("JAVA_HOME", "/nowhere");
        assertThat(tree.failure()).startsWith("period-view: JAVA_HOME is /nowhere, where there is no bin/java.");

        tree.with("JAVA_HOME", tree.jdk("jdk-8", "1.8.0_402").toString());
        assertThat(tree.failure()).contains("jdk-8/bin/java is Java 1. Period View needs a JDK, 17 or newer");

        tree.with("JAVA_HOME", "");
        Files.delete(tree.defaultJdk().resolve("bin/javac"));
        assertThat(tree.failure()).contains("is a runtime without a compiler");

        Files.delete(directory.resolve("bin/mvn"));
        assertThat(tree.failure()).contains("there is no Maven to build it");

        Files.delete(directory.resolve("bin/java"));
        assertThat(tree.failure()).startsWith("period-view: There is no Java.");
    }

    @Test
    void worksThroughSymlinks() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("tree/period-view"));
        Path second = Files.createSymbolicLink(directory.resolve("second"), link);

        Launch launch = tree.start(second, "--help").ended();

        assertThat(launch.status()).isZero();
        assertThat(tree.jarFolders()).hasSize(1);
    }
}
