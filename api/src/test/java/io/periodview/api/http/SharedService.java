package io.periodview.api.http;

import io.periodview.api.Instance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A service that is started for the first test class of this process that registers it, and stopped after the last: the
 * classes have teams of their own instead. After each class, all its teams are compared with the reference again. One
 * thread at a time.
 */
final class SharedService implements BeforeAllCallback, AfterAllCallback {

    private final int size;
    private final List<Team> compared = new ArrayList<>();
    private @Nullable Deployment deployment;

    private SharedService(int size) {
        this.size = size;
    }

    static SharedService ofOneInstance() {
        return new SharedService(1);
    }

    /** Each is the standby of the other. */
    static SharedService ofTwoInstances() {
        return new SharedService(2);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        SharedBroker broker = new SharedBroker();
        broker.beforeAll(context);
        deployment = SharedBroker.sessionStore(context)
                .computeIfAbsent(size, any -> Deployment.start(broker, any), Deployment.class);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        compared.forEach(Team::awaitShown);
    }

    private Deployment deployment() {
        return Objects.requireNonNull(deployment, "a static field with @RegisterExtension");
    }

    Instance first() {
        return deployment().instances.get(0);
    }

    Instance second() {
        return deployment().instances.get(1);
    }

    List<Instance> instances() {
        return deployment().instances;
    }

    Path stateDirectory(Instance instance) {
        return deployment().service.stateDirectory(instance);
    }

    EventPublisher publisher() {
        return deployment().service.publisher();
    }

    /** A client without a key, of the first instance. */
    Client client() {
        return new Client(first().port());
    }

    /** A team that no other test has, with a key that every instance knows. It asks the first instance. */
    Team newTeam() throws InterruptedException {
        return team(deployment().nextTeam++);
    }

    /** A new team of which this instance is the owner. */
    Team newTeamOwnedBy(Instance owner) throws InterruptedException {
        List<Integer> owned = List.copyOf(RunningService.ownedPartitions(owner));
        Team team = newTeam();
        while (!owned.contains(team.partition())) {
            team = newTeam();
        }
        return team;
    }

    Team team(long id) throws InterruptedException {
        List<Team> teams = new ArrayList<>();
        for (Instance each : instances()) {
            teams.add(deployment().service.team(id, each));
        }
        compared.add(teams.get(0));
        return teams.get(0);
    }

    /** What the classes of one process share. */
    private static final class Deployment implements AutoCloseable {

        final RunningService service;
        final List<Instance> instances = new ArrayList<>();
        long nextTeam = 1_000;

        private Deployment(RunningService service) {
            this.service = service;
        }

        static Deployment start(SharedBroker broker, int size) {
            try {
                Deployment started = new Deployment(broker.newService("shared", size - 1));
                for (int i = 0; i < size; i++) {
                    started.instances.add(started.service.startInstance());
                }
                started.service.awaitReady();
                return started;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException("Interrupted while the service started", e);
            }
        }

        @Override
        public void close() {
            service.close();
        }
    }
}
