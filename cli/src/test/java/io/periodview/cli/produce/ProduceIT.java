package io.periodview.cli.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.periodview.cli.CommandLineWithBroker;
import io.periodview.cli.InProcessCommandLine.Outcome;
import io.periodview.topics.TeamPartitioner;
import io.periodview.topics.TopicNames;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProduceIT {

    private static final int PARTITIONS = 4;
    private static final int TEAM_7 = TeamPartitioner.partitionOf(7, PARTITIONS);

    private final CommandLineWithBroker commandLine = new CommandLineWithBroker();
    private final TopicNames topics = commandLine.topics();

    @TempDir
    Path files;

    @BeforeEach
    void createTopics() throws ExecutionException, InterruptedException {
        commandLine.createTopics(topic(topics.periods()), topic(topics.actions()));
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, PARTITIONS, (short) 1).configs(Map.of("max.message.bytes", "2000000"));
    }

    @Test
    void sendsValuesByteForByte() throws IOException {
        Outcome sent = produce("""
                {"topic":"actions","key":"7/1","timestamp":1722601385471,"value": { "createdTime" : 1.10e5, "ü":"\\u00fc" } }

                {"value":[],"key":"7/1","topic":"actions"}\r
                {"topic":"actions","key":"7/1","value":null}
                {"topic":"periods","key":"not a key","value":"x"}""");

        assertThat(sent.err()).isEmpty();
        assertThat(sent.status()).isZero();
        assertThat(sent.out()).matches("4 events\\Ractions-" + TEAM_7 + "@2,periods-[0-3]@0\\R");
        List<ConsumerRecord<byte[], byte[]>> actions = commandLine.read(topics.actions());
        assertThat(actions)
                .extracting(ProduceIT::value)
                .containsExactly("{ \"createdTime\" : 1.10e5, \"ü\":\"\\u00fc\" }", "[]", "null");
        assertThat(actions.get(0).timestamp()).isEqualTo(1722601385471L);
        assertThat(actions.get(2).value()).isNull();
        assertThat(actions).allSatisfy(record -> assertThat(record.partition()).isEqualTo(TEAM_7));
    }

    @Test
    void recognizesGzipByContent() throws IOException {
        Path file = files.resolve("events.data");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(line(1).getBytes(UTF_8));
        }

        assertThat(run(file).out()).startsWith("1 events");
    }

    @Test
    void readsStdinWithoutAFile() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((line(1) + line(2)).getBytes(UTF_8));
        }
        InputStream stdin = System.in;
        try {
            System.setIn(new ByteArrayInputStream(packed.toByteArray()));
            assertThat(commandLine.run("produce").out()).startsWith("2 events");
        } finally {
            System.setIn(stdin);
        }
    }

    @Test
    void anEmptyInputIsNoEvents() throws IOException {
        assertThat(produce("\n").out()).isEqualToNormalizingNewlines("0 events\n");
    }

    @Test
    void aMalformedLineStopsItAfterTheLinesBefore() throws IOException {
        Outcome sent = produce(line(1) + line(2) + "{\"topic\":\"action\"}\n" + line(3));

        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.out()).isEmpty();
        assertThat(sent.err())
                .startsWith("period-view: Line 3 of ")
                .endsWith("is not an event. \"topic\" is neither \"periods\" nor \"actions\". Events sent: 2."
                        + System.lineSeparator())
                .hasLineCount(1);
        assertThat(commandLine.read(topics.actions())).hasSize(2);
    }

    @Test
    void aTruncatedFileIsAFailure() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((line(1) + line(2)).getBytes(UTF_8));
        }
        byte[] bytes = packed.toByteArray();
        Path file = Files.write(files.resolve("cut.gz"), Arrays.copyOf(bytes, bytes.length - 9));

        Outcome sent = run(file);

        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.err()).contains("cut.gz cannot be read beyond line").hasLineCount(1);
    }

    @Test
    void whatFollowsACompressedFileIsAFailure() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(packed)) {
            out.write((line(1) + line(2)).getBytes(UTF_8));
        }
        packed.writeBytes(line(3).getBytes(UTF_8));

        Outcome sent = run(Files.write(files.resolve("more.gz"), packed.toByteArray()));

        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.err())
                .contains("more.gz cannot be read beyond line 2: something that is no gzip follows the gzip data.")
                .hasLineCount(1);
    }

    @Test
    void anEventThatTheBrokerRefusesIsAFailure() throws IOException {
        Outcome sent =
                produce(line(1) + "{\"topic\":\"actions\",\"key\":\"7/2\",\"value\":\"" + noise(2_100_000) + "\"}\n");

        assertThat(sent.status()).isEqualTo(1);
        assertThat(sent.err())
                .contains("Line 2 could not be sent: ")
                .endsWith("Events sent: 1." + System.lineSeparator());
    }

    @Test
    void sendsAnEventOfOneMebibyte() throws IOException {
        assertThat(produce("{\"topic\":\"actions\",\"key\":\"7/2\",\"value\":\"" + noise(1 << 20) + "\"}")
                        .out())
                .startsWith("1 events");
    }

    @Test
    void sendsRealEventsInOrder() throws IOException {
        String incidents = System.getProperty("periodview.incidents", "");
        assumeFalse(incidents.isEmpty(), "Needs -Dperiodview.incidents, see README");

        Outcome sent = run(Path.of(incidents));

        assertThat(sent.err()).isEmpty();
        assertThat(sent.out()).startsWith("143021 events");
        List<ConsumerRecord<byte[], byte[]>> actions = commandLine.read(topics.actions());
        List<ConsumerRecord<byte[], byte[]>> periods = commandLine.read(topics.periods());
        assertThat(actions.size() + periods.size()).isEqualTo(143_021);
        // The file is in the order of time, so each partition must be.
        Map<Integer, List<Long>> timestamps = actions.stream()
                .collect(Collectors.groupingBy(
                        ConsumerRecord::partition, Collectors.mapping(ConsumerRecord::timestamp, Collectors.toList())));
        assertThat(timestamps.values()).allSatisfy(times -> assertThat(times).isSorted());
    }

    private Outcome produce(String lines) throws IOException {
        return run(Files.writeString(files.resolve("events.jsonl"), lines));
    }

    private Outcome run(Path file) {
        return commandLine.run("produce", file.toString());
    }

    private static String line(int id) {
        return "{\"topic\":\"actions\",\"key\":\"7/" + id + "\",\"value\":{\"n\":" + id + "}}\n";
    }

    private static String value(ConsumerRecord<byte[], byte[]> record) {
        return record.value() == null ? "null" : new String(record.value(), UTF_8);
    }

    /** Text that no compression makes small. */
    private static String noise(int length) {
        return new Random(1)
                .ints(length, 'a', 'z' + 1)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
