package io.periodview.cli.keys;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.TerminalEscaper;
import io.periodview.topics.ApiKey;
import io.periodview.topics.NewApiKey;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code period-view keys create}. A name is unique within a team, so that a key can be revoked by name; two operators
 * who use the same name at the same moment can break that, and then revoke by hash.
 */
@Command(
        name = "create",
        description =
                "Create a key to one team's data and print it: nothing else, and only once. Only its hash is stored.",
        footer = {
            "",
            "Examples:",
            "  period-view keys create --team 7 --name dashboard",
            "  period-view keys create --team 7 --name trial --expires 90d",
            "  period-view keys create --team 7 --name audit --expires 2027-01-01T00:00:00Z",
        })
final class KeysCreate implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OperatorOption operator;

    @Option(
            names = "--team",
            paramLabel = "ID",
            required = true,
            description = "The team whose data the key gives access to.")
    private long team;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            required = true,
            description = "What the key is for. Unique within a team.")
    private String name = "";

    @Option(
            names = "--expires",
            paramLabel = "WHEN",
            converter = ExpiryConverter.class,
            description =
                    "When it stops working: a time in ISO 8601 with an offset, or from now on in minutes, hours, days or weeks (30m, 12h, 90d, 4w). Default: when it is revoked.")
    private @Nullable Instant expires;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        ApiKey key = key();
        String by = operator.name(spec);
        NewApiKey secret = NewApiKey.generate();
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            ApiKeyTopic topic = new ApiKeyTopic(kafka, cluster);
            for (ApiKeyTopic.Entry entry : topic.read()) {
                refuseIfSameName(entry, key);
            }
            topic.put(secret.hash(), key, by);
        }
        spec.commandLine().getOut().println(secret.reveal());
        return 0;
    }

    private ApiKey key() {
        try {
            return new ApiKey(team, name, expires);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static void refuseIfSameName(ApiKeyTopic.Entry entry, ApiKey key) {
        if (entry.reading() instanceof ApiKey.Reading.Valid there
                && there.key().teamId() == key.teamId()
                && there.key().name().equals(key.name())) {
            throw new CommandFailedException("Team " + key.teamId() + " already has a key "
                    + TerminalEscaper.all(key.name())
                    + (there.key().isExpired(Instant.now()) ? ", which has expired" : "")
                    + ". Choose another name, or revoke it first: period-view keys revoke " + entry.abbreviated());
        }
    }
}
