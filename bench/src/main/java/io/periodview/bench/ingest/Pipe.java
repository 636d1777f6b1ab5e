package io.periodview.bench.ingest;

import io.periodview.streams.StreamsSettings;
import io.periodview.streams.domain.Period;
import io.periodview.streams.intake.Change;
import io.periodview.streams.intake.EventDecoder;
import io.periodview.streams.store.ActionRowEncoder;
import io.periodview.streams.store.PeriodRow;
import io.periodview.topics.ParseResult;
import io.periodview.topics.TopicNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The limit of a Kafka Streams application with our settings: puts each record into one RocksDB store with changelog and
 * does nothing else; or parses it as we do and puts what we would render.
 */
public final class Pipe {

    private static final String STORE = "store";

    private Pipe() {}

    /**
     * When it is to begin again, it has lost its state.
     *
     * <p>Arguments: bootstrap servers, prefix of the topics, partitions, application, state directory, parse or not.
     */
    public static void main(String[] args) throws Exception {
        Path state = Path.of(args[4]);
        boolean isAgain = true;
        while (isAgain) {
            System.out.println("starting");
            Properties config = new Properties();
            config.putAll(settings(args[0], args[3], state).toConfig());
            KafkaStreams streams = new KafkaStreams(topology(new TopicNames(args[1]), args[5].equals("parse")), config);
            streams.setStateListener((now, before) -> {
                if (now == KafkaStreams.State.RUNNING) {
                    System.out.println("running");
                }
            });
            streams.start();
            isAgain = StandardInput.isAgain();
            streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                    .withTimeout(Duration.ofSeconds(20)));
            Utils.delete(state.toFile());
        }
    }

    private static Topology topology(TopicNames names, boolean parses) {
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        "events",
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        names.periods(),
                        names.actions())
                .addProcessor("put", () -> parses ? new ParseAndPut(names.periods()) : new Put(), "events")
                .addStateStore(
                        Stores.keyValueStoreBuilder(
                                        Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                                .withCachingDisabled()
                                .withLoggingEnabled(Map.of("max.message.bytes", "" + (8 << 20))),
                        "put");
    }

    /** As {@code serve} sets them. */
    static StreamsSettings settings(String bootstrapServers, String application, Path stateDir) {
        return new StreamsSettings(
                application,
                Map.of("bootstrap.servers", bootstrapServers),
                stateDir,
                new HostInfo("127.0.0.1", 1),
                2,
                0);
    }

    private static class Put implements Processor<byte[], byte[], Void, Void> {

        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
        private KeyValueStore<Bytes, byte[]> store;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            store.put(Bytes.wrap(record.key()), record.value());
        }

        KeyValueStore<Bytes, byte[]> store() {
            return store;
        }
    }

    private static final class ParseAndPut extends Put {

        private final String periods;

        @SuppressWarnings("NullAway.Init")
        private ProcessorContext<Void, Void> context;

        ParseAndPut(String periods) {
            this.periods = periods;
        }

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            this.context = context;
        }

        @Override
        public void process(Record<byte[], byte[]> record) {
            boolean isPeriod = context.recordMetadata().orElseThrow().topic().equals(periods);
            ParseResult<Change> result = EventDecoder.decode(
                    isPeriod ? EventDecoder.Kind.PERIODS : EventDecoder.Kind.ACTIONS,
                    record.key(),
                    record.value(),
                    record.timestamp());
            store().put(Bytes.wrap(record.key()), row(((ParseResult.Parsed<Change>) result).value()));
        }

        @SuppressWarnings("NullAway") // null deletes: KeyValueStore.put
        private static byte[] row(Change change) {
            if (change instanceof Change.ActionDeleted || change instanceof Change.PeriodDeleted) {
                return null;
            }
            if (change instanceof Change.ActionChanged action) {
                return ActionRowEncoder.encode(1, action.key().id(), action.event());
            }
            Change.PeriodChanged period = (Change.PeriodChanged) change;
            return PeriodRow.encode(
                    Period.upsert(null, period.key().id(), period.event(), period.timestamp(), () -> 1));
        }
    }
}
