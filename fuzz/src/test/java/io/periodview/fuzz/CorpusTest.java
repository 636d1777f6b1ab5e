package io.periodview.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Everything that a fuzzer has found, and the seeds it began with, in seconds: {@code corpus/TARGET/*}. */
class CorpusTest {

    private static final Path SOURCES = Path.of("src/test/java");
    private static final Path CORPUS = Path.of("corpus");

    @Test
    void everyTargetHasACorpusAndADictionary() throws IOException {
        Set<String> targets;
        try (Stream<Path> files = targets()) {
            targets = files.map(CorpusTest::name).collect(Collectors.toCollection(TreeSet::new));
        }
        try (Stream<Path> folders = Files.list(CORPUS)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(targets);
        }
    }

    @TestFactory
    Stream<DynamicContainer> holds() throws IOException {
        return targets().map(target -> DynamicContainer.dynamicContainer(name(target), inputs(target)));
    }

    private static Stream<Path> targets() throws IOException {
        return Files.walk(SOURCES).filter(file -> name(file).endsWith("Fuzz")).sorted();
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    private static Stream<DynamicTest> inputs(Path target) {
        try {
            String type =
                    SOURCES.relativize(target).toString().replace(".java", "").replace('/', '.');
            Method method = Class.forName(type).getMethod("fuzzerTestOneInput", byte[].class);
            return Files.list(CORPUS.resolve(name(target)))
                    .sorted()
                    .map(input -> DynamicTest.dynamicTest(input.getFileName().toString(), () -> run(method, input)));
        } catch (IOException | ReflectiveOperationException e) {
            throw new AssertionError(target + " cannot be run", e);
        }
    }

    private static void run(Method target, Path input) throws Throwable {
        try {
            target.invoke(null, (Object) Files.readAllBytes(input));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
