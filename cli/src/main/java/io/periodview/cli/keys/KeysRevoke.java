package io.periodview.cli.keys;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.TerminalEscaper;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code period-view keys revoke}. */
@Command(
        name = "revoke",
        description = "Revoke a key; it stops working within a second.",
        footer = {
            "",
            "Examples:",
            "  period-view keys revoke dashboard",
            "  period-view keys revoke 2cf24dba5fb0",
        })
final class KeysRevoke implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OperatorOption operator;

    @Parameters(
            paramLabel = "NAME-OR-HASH",
            description = "The key's name, or its hash as 'keys list' shows it (8 digits of it or more).")
    private String nameOrHash = "";

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        String by = operator.name(spec);
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            ApiKeyTopic topic = new ApiKeyTopic(kafka, cluster);
            List<ApiKeyTopic.Entry> matching = topic.read().stream()
                    .filter(entry -> entry.matches(nameOrHash))
                    .toList();
            if (matching.isEmpty()) {
                throw new CommandFailedException("There is no key with this name or hash: "
                        + TerminalEscaper.all(nameOrHash) + ". 'period-view keys list' shows all.");
            }
            if (matching.size() > 1) {
                throw new CommandFailedException(matching.size() + " keys match " + TerminalEscaper.all(nameOrHash)
                        + ": "
                        + matching.stream().map(ApiKeyTopic.Entry::describe).collect(Collectors.joining("; "))
                        + ". Give the hash of one.");
            }
            topic.remove(matching.get(0), by);
            spec.commandLine().getOut().println("Revoked " + matching.get(0).describe());
        }
        return 0;
    }
}
