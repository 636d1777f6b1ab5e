package io.periodview.bench;

import io.periodview.bench.change.PeriodChange;
import io.periodview.bench.freshness.Freshness;
import io.periodview.bench.ingest.Ingest;
import io.periodview.bench.read.Read;
import io.periodview.bench.steps.Steps;
import io.periodview.bench.store.Memory;
import io.periodview.bench.store.Restore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command line of {@code bench/run}. */
@Command(
        name = "bench/run",
        mixinStandardHelpOptions = true,
        description = "Measures Period View beside its limits and its peers, on loopback, in one run.")
public final class Bench implements Callable<Integer> {

    /** In the order in which they run. */
    private static final List<Suite> SUITES = List.of(
            new Ingest(), new Read(), new Freshness(), new PeriodChange(), new Restore(), new Memory(), new Steps());

    @Option(names = "--home", hidden = true, required = true)
    private Path home;

    @Option(names = "--quick", description = "Small loads, one round: minutes, and not for publication.")
    private boolean quick;

    @Option(names = "--rounds", description = "Turns of each contender (default: 2; 1 with --quick).")
    private @Nullable Integer rounds;

    @Option(
            names = "--data",
            description = "Real change events, JSON Lines (gzip); without it, the suites that want them use made ones.")
    private @Nullable Path data;

    @Option(
            names = "--jvm",
            paramLabel = "OPTION",
            description = "One more option for every contender's JVM; {name} in it becomes the contender's, such as in"
                    + " -XX:StartFlightRecording:filename=/tmp/{name}.jfr,settings=profile.")
    private @Nullable String jvmOption;

    @Parameters(arity = "0..*", paramLabel = "suite", description = "Which (default: all).")
    private List<String> chosen = List.of();

    public static void main(String[] args) {
        System.exit(new CommandLine(new Bench()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, Suite> suites = new LinkedHashMap<>();
        SUITES.forEach(suite -> suites.put(suite.name(), suite));
        List<Suite> toRun = new ArrayList<>();
        for (String name : chosen.isEmpty() ? suites.keySet() : chosen) {
            Suite suite = suites.get(name);
            if (suite == null) {
                System.err.println("There is no suite " + name + "; there are " + String.join(", ", suites.keySet()));
                return CommandLine.ExitCode.USAGE;
            }
            toRun.add(suite);
        }
        if (jvmOption != null) {
            System.setProperty(ChildJvm.JVM_OPTION, jvmOption);
        }
        int turns = rounds != null ? rounds : quick ? 1 : 2;
        Results results = new Results();
        boolean failed = false;
        Path folder = Files.createTempDirectory(
                "period-view-bench",
                // PostgreSQL runs as a user of its own, and its folder is in here.
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
        try (BenchEnvironment environment = new BenchEnvironment(folder, quick, turns, data)) {
            for (Suite suite : toRun) {
                failed |= !run(suite, environment, results);
            }
        }
        Report report = new Report(toRun, results, Machine.current(home), quick);
        System.out.println(report.text());
        Path written = report.writeJson(home.resolve("results"));
        System.err.println("Written: " + written);
        if (!quick && !failed) {
            report.updateReadme(home.resolve("README.md"));
            report.writePlots(home.resolve("plots"));
        }
        return failed ? CommandLine.ExitCode.SOFTWARE : CommandLine.ExitCode.OK;
    }

    private static boolean run(Suite suite, BenchEnvironment environment, Results results) throws InterruptedException {
        long start = System.nanoTime();
        System.err.printf("%s: %s%n", suite.name(), suite.question());
        try {
            suite.measure(environment, results);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | OutOfMemoryError e) {
            e.printStackTrace(System.err);
            results.note(suite.name(), "ended by " + e);
            return false;
        } finally {
            System.err.printf("%s: %.0f s%n", suite.name(), (System.nanoTime() - start) / 1e9);
        }
    }

    /** After an interrupt; else it has gone already. */
    private static void delete(Path folder) {
        try {
            org.apache.kafka.common.utils.Utils.delete(folder.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
