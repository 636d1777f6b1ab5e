package io.periodview.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Which package may use which: data flows one way, and every package has its place. */
class ArchitectureTest {

    private static final String ROOT = "io.periodview.";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.periodview");

    /** Each package below {@code io.periodview} with those of its module that it may use; a module's root uses them all. */
    private static final Map<String, Set<String>> USES = Map.ofEntries(
            Map.entry("topics", Set.of()),
            Map.entry("topics.provisioning", Set.of("topics")),
            Map.entry("broker", Set.of()),
            Map.entry("sandbox", Set.of()),
            // Values, and what needs nothing but them.
            Map.entry("streams.memory", Set.of()),
            Map.entry("streams.metrics", Set.of()),
            Map.entry("streams.intake", Set.of()),
            Map.entry("streams.checkpoint", Set.of()),
            Map.entry("streams.fetch", Set.of("streams.intake")),
            Map.entry("streams.domain", Set.of()),
            Map.entry("streams.auth", Set.of()),
            Map.entry("streams.localstate", Set.of()),
            // What an instance hosts, and what is stored of it.
            Map.entry("streams.cache", Set.of("streams.memory")),
            Map.entry(
                    "streams.partition",
                    Set.of(
                            "streams.cache",
                            "streams.checkpoint",
                            "streams.fetch",
                            "streams.intake",
                            "streams.memory",
                            "streams.metrics")),
            Map.entry(
                    "streams.cluster",
                    Set.of("streams.checkpoint", "streams.intake", "streams.metrics", "streams.partition")),
            Map.entry(
                    "streams.store",
                    Set.of("streams.checkpoint", "streams.domain", "streams.localstate", "streams.partition")),
            // The write side.
            Map.entry(
                    "streams.apply",
                    Set.of(
                            "streams.cache",
                            "streams.checkpoint",
                            "streams.domain",
                            "streams.intake",
                            "streams.metrics",
                            "streams.partition",
                            "streams.store")),
            // The read side.
            Map.entry("streams.response", Set.of("streams.memory")),
            Map.entry(
                    "streams.query",
                    Set.of(
                            "streams.cache",
                            "streams.domain",
                            "streams.memory",
                            "streams.metrics",
                            "streams.partition",
                            "streams.response",
                            "streams.store")),
            Map.entry("streams", Set.of("streams.*")),
            Map.entry("api.logging", Set.of()),
            Map.entry("api.status", Set.of()),
            Map.entry("api.metrics", Set.of("api.status")),
            Map.entry("api.routing", Set.of("api.metrics")),
            Map.entry("api.http", Set.of("api.logging", "api.metrics", "api.routing", "api.status")),
            Map.entry("api", Set.of("api.*")),
            Map.entry("cli.terminal", Set.of()),
            Map.entry("cli.kafka", Set.of("cli.terminal")),
            Map.entry("cli.deadletters", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.keys", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.produce", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.serve", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.skip", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.status", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli.topics", Set.of("cli.kafka", "cli.terminal")),
            Map.entry("cli", Set.of("cli.*")));

    private static final Map<String, Set<String>> MODULES = Map.of(
            "topics", Set.of(),
            "broker", Set.of(),
            "sandbox", Set.of("topics", "broker"),
            "streams", Set.of("topics"),
            "api", Set.of("topics", "streams"),
            "cli", Set.of("topics", "streams", "api", "sandbox"));

    @Test
    void everyPackageHasItsPlace() {
        Set<String> packages = new TreeSet<>();
        CLASSES.forEach(each -> packages.add(packageOf(each)));
        packages.remove("testkit"); // for tests
        assertThat(packages).isEqualTo(new TreeSet<>(USES.keySet()));
    }

    @Test
    void packagesUseOnlyThoseThatTheyMay() {
        Map<String, String> wrong = new TreeMap<>();
        for (JavaClass from : CLASSES) {
            for (Dependency dependency : from.getDirectDependenciesFromSelf()) {
                JavaClass to = dependency.getTargetClass();
                if (to.getPackageName().startsWith(ROOT.substring(0, ROOT.length() - 1)) && !mayUse(from, to)) {
                    wrong.put(packageOf(from) + " -> " + packageOf(to), dependency.getDescription());
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean mayUse(JavaClass from, JavaClass to) {
        String user = packageOf(from);
        String used = packageOf(to);
        String module = moduleOf(user);
        if (!module.equals(moduleOf(used))) {
            return MODULES.getOrDefault(module, Set.of()).contains(moduleOf(used));
        }
        Set<String> allowed = USES.getOrDefault(user, Set.of());
        return user.equals(used) || allowed.contains(used) || allowed.contains(module + ".*");
    }

    private static String packageOf(JavaClass type) {
        return type.getPackageName().substring(ROOT.length());
    }

    private static String moduleOf(String packageName) {
        return packageName.split("\\.", 2)[0];
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.periodview.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void domainKnowsNeitherKafkaNorRocksDb() {
        noClasses()
                .that()
                .resideInAPackage("io.periodview.streams.domain..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.rocksdb..")
                .check(CLASSES);
    }

    @Test
    void theReadSideCannotWrite() {
        noClasses()
                .that()
                .resideInAnyPackage("io.periodview.streams.query..", "io.periodview.streams.response..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.apache.kafka.streams.state.KeyValueStore")
                .check(CLASSES);
    }

    /** These crash the JVM when they race the store's close. */
    @Test
    void nothingUsesStoreMethodsThatRaceClose() {
        for (String method : new String[] {"prefixScan", "reverseAll", "reverseRange", "approximateNumEntries"}) {
            noClasses().should().callMethodWhere(target(name(method))).check(CLASSES);
        }
    }
}
