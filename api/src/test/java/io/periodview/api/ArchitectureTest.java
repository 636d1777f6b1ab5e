package io.periodview.api;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Data flows one way, between the modules and inside streams. */
class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.periodview");

    @Test
    void modulesDependOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("topics")
                .definedBy("io.periodview.topics..")
                .layer("broker")
                .definedBy("io.periodview.broker..")
                .layer("sandbox")
                .definedBy("io.periodview.sandbox..")
                .layer("streams")
                .definedBy("io.periodview.streams..")
                .layer("api")
                .definedBy("io.periodview.api..")
                .whereLayer("api")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("streams")
                .mayOnlyBeAccessedByLayers("api")
                .whereLayer("sandbox")
                .mayOnlyBeAccessedByLayers("api")
                .whereLayer("broker")
                .mayOnlyBeAccessedByLayers("sandbox")
                .whereLayer("topics")
                .mayOnlyBeAccessedByLayers("sandbox", "streams", "api")
                .check(CLASSES);
    }

    @Test
    void streamsGoFromIntakeToView() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("intake")
                .definedBy("io.periodview.streams.intake..")
                .layer("rules")
                .definedBy("io.periodview.streams.rules..")
                .layer("state")
                .definedBy("io.periodview.streams.state..")
                .layer("view")
                .definedBy("io.periodview.streams.view..")
                .layer("wiring")
                .definedBy("io.periodview.streams")
                .whereLayer("wiring")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("view")
                .mayOnlyBeAccessedByLayers("wiring")
                .whereLayer("state")
                .mayOnlyBeAccessedByLayers("view", "wiring")
                .whereLayer("rules")
                .mayOnlyBeAccessedByLayers("state", "view")
                .whereLayer("intake")
                .mayOnlyBeAccessedByLayers("state", "wiring")
                .check(CLASSES);
    }

    @Test
    void rulesKnowNeitherKafkaNorRocksDb() {
        noClasses()
                .that()
                .resideInAPackage("io.periodview.streams.rules..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.rocksdb..")
                .check(CLASSES);
    }

    @Test
    void viewCannotWrite() {
        noClasses()
                .that()
                .resideInAPackage("io.periodview.streams.view..")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("org.apache.kafka.streams.state.KeyValueStore")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.periodview.(*).(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** In Kafka 4.3.1 these crash the JVM when they race the store's close. */
    @Test
    void nothingUsesStoreMethodsThatRaceClose() {
        for (String method : new String[] {"prefixScan", "reverseAll", "reverseRange", "approximateNumEntries"}) {
            noClasses().should().callMethodWhere(target(name(method))).check(CLASSES);
        }
    }
}
