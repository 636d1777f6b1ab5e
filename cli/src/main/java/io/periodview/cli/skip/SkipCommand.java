package io.periodview.cli.skip;

import io.periodview.cli.kafka.KafkaCluster;
import io.periodview.cli.kafka.KafkaOptions;
import io.periodview.cli.terminal.CommandFailedException;
import io.periodview.cli.terminal.OneShot;
import io.periodview.cli.terminal.Usage;
import io.periodview.streams.intake.OmittedValue;
import io.periodview.topics.RecordOffset;
import io.periodview.topics.RecordSize;
import io.periodview.topics.Rejection;
import io.periodview.topics.TopicNames;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code period-view skip}. */
@Command(
        name = "skip",
        description = {
            "Let the service pass over a record that it cannot take in, or offsets that the log has lost.",
            "",
            "For a record that is damaged on the brokers' disks, or too large for the heap, and for offsets before the log's"
                    + " begin. It writes a dead letter with the reason, the record's key, and size and SHA-256 of its value, as"
                    + " far as they can be read, but not the value. Then it tells the service.",
            "",
            "Nothing that can be taken in is lost: the service passes over what is before the skipped offset, and at it, only if"
                    + " it cannot be read. A record that can be read, and has at most 8 MiB, is refused here. Of offsets that"
                    + " are gone, and of records that share a damaged batch, skip the last.",
        },
        footer = {
            "",
            "Examples:",
            "  period-view skip actions-3@251 --reason \"disk of broker 2 failed, see ticket 4711\"",
            "  period-view skip period-view-rerouted-0@17 --reason \"damaged, applied from actions-5@99 again\"",
        })
public final class SkipCommand implements Callable<Integer>, OneShot {

    @Mixin
    private KafkaOptions kafka;

    @Parameters(
            paramLabel = "TOPIC-PARTITION@OFFSET",
            converter = RecordOffsetConverter.class,
            description =
                    "The record: of periods, of actions, or of the service's own topic <application-id>-rerouted.")
    private RecordOffset place;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, for those who find the dead letter: one line of at most 500 characters.")
    private String reason = "";

    @Option(
            names = "--application-id",
            paramLabel = "ID",
            description = "Of the service, as in serve. Default: the topic prefix and period-view")
    private @Nullable String applicationId;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Usage.require(spec, !reason.isBlank(), "--reason is empty; it is for those who find the dead letter.");
        String why = new Rejection(Rejection.Code.SKIPPED, reason.strip()).message(); // one line
        String application = kafka.applicationId(applicationId);
        String topic = topic(application);
        try (KafkaCluster cluster = KafkaCluster.connect(kafka)) {
            int partitions = cluster.partitions(topic).size();
            Usage.require(
                    spec,
                    place.partition() < partitions,
                    topic + " has partitions 0 to " + (partitions - 1) + ", not " + place.partition() + ".");
            skip(new TopicPartition(topic, place.partition()), why, new SkipMark(cluster.admin(), application));
        }
        return 0;
    }

    private String topic(String application) {
        TopicNames names = kafka.topics();
        String rerouted = TopicNames.rerouted(application);
        String given = place.topic();
        boolean isPeriods = given.equals("periods") || given.equals(names.periods());
        boolean isActions = given.equals("actions") || given.equals(names.actions());
        Usage.require(
                spec,
                isPeriods || isActions || given.equals(rerouted),
                "The service reads no events from " + given + "; it does from periods, actions and " + rerouted + ".");
        return isPeriods ? names.periods() : isActions ? names.actions() : rerouted;
    }

    private void skip(TopicPartition partition, String why, SkipMark mark) throws InterruptedException {
        OffsetAndMetadata before = mark.get(partition);
        if (before != null && before.offset() > place.offset()) {
            print(place + " is skipped already, as all up to " + place.topic() + "-" + place.partition() + "@"
                    + (before.offset() - 1) + ": " + before.metadata());
            return;
        }
        Finding finding;
        try (RecordProbe probe = new RecordProbe(kafka, partition)) {
            finding = probe.at(place.offset());
        }
        if (finding instanceof Finding.NotYet notYet) {
            Usage.require(
                    spec,
                    false,
                    "There is nothing to skip at " + place + " yet: its log ends at " + notYet.end() + ".");
        }
        String what = describe(finding);
        RecordOffset letter =
                SkipLetter.of(partition, place.offset(), finding, why).write(kafka);
        mark.setBehind(partition, place.offset(), why);
        print("Skipped " + place + " (" + what + "), recorded as " + letter
                + ". The service passes over it only if it cannot take it in.");
    }

    /** @throws CommandFailedException if the service needs no help */
    private String describe(Finding finding) {
        if (finding instanceof Finding.Readable readable) {
            ConsumerRecord<byte[], byte[]> found = readable.found();
            throw new CommandFailedException("Nothing was skipped: " + place + " can be read, and has "
                    + (RecordSize.of(found.key()) + RecordSize.of(found.value()) + RecordSize.of(found.headers()))
                    + " bytes. The service applies it, or makes a dead letter of it, by itself.");
        }
        if (finding instanceof Finding.Oversized oversized) {
            OmittedValue value = oversized.kept().omissions().value();
            return value == null ? "no value" : value.size() + " bytes of value, SHA-256 " + value.sha256();
        }
        if (finding instanceof Finding.Gone gone) {
            return "its log begins at " + gone.start() + " now";
        }
        if (finding instanceof Finding.Unreadable unreadable) {
            return "unreadable: " + unreadable.reason().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
        }
        throw new CommandFailedException("Nothing was skipped: there is no record at " + place
                + ". Compaction has removed it, or it was aborted, or it marks the end of a transaction; the service goes"
                + " past that by itself.");
    }

    private void print(String line) {
        spec.commandLine().getOut().println(line);
    }

    private static final class RecordOffsetConverter implements ITypeConverter<RecordOffset> {
        @Override
        public RecordOffset convert(String text) {
            RecordOffset place = RecordOffset.parse(text);
            if (place == null) {
                throw new TypeConversionException("'" + text + "' is not the place of a record, such as actions-3@251");
            }
            return place;
        }
    }
}
