package io.periodview.sandbox;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import kafka.server.StandardFaultHandlerFactory;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.loader.LoaderManifest;
import org.apache.kafka.image.publisher.MetadataPublisher;
import org.apache.kafka.metadata.BrokerRegistration;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A controller and its only broker in one process, as {@link KafkaRaftServer} is, but for one thing: after a crash the
 * broker starts only when the controller has noticed that its former self is gone.
 *
 * <p>Else the new broker begins with what the metadata still say, that it leads its partitions, takes up the
 * transactions that the crash has left, and in the moment in which the controller declares all partitions leaderless it
 * drops the markers of those transactions: Kafka 4.3 takes a partition without a leader for a deleted one (KAFKA-20734).
 * What was aborted would then be committed with the next transaction of the same producer, and what was committed could
 * be lost.
 */
final class KraftNode {

    private static final Logger LOG = LoggerFactory.getLogger(KraftNode.class);

    /** Many times the broker's session. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final int id;
    private final SharedServer shared;
    private final BrokerServer broker;
    private final ControllerServer controller;

    KraftNode(KafkaConfig config) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> logs = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        Metrics metrics = Server.initializeMetrics(
                config, Time.SYSTEM, logs._1().clusterId().orElseThrow());
        id = config.nodeId();
        shared = new SharedServer(
                config,
                logs._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                new StandardFaultHandlerFactory(),
                ServerSocketFactory.INSTANCE);
        broker = new BrokerServer(shared);
        controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), logs._2());
    }

    /** Returns when both are up. */
    void start() throws IOException, InterruptedException {
        controller.startup();
        awaitEndOfFormerSelf();
        broker.startup();
    }

    void stop() {
        broker.shutdown();
        controller.shutdown();
    }

    void awaitStop() {
        broker.awaitShutdown();
        controller.awaitShutdown();
    }

    private void awaitEndOfFormerSelf() throws IOException, InterruptedException {
        FormerSelf former = new FormerSelf(id);
        try {
            shared.loader().installPublishers(List.of(former)).get();
            former.gone.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            shared.loader().removeAndClosePublisher(former).get();
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The controller does not give up the broker that was here before", e);
        }
    }

    /** Looks at each new state of the metadata. */
    private static final class FormerSelf implements MetadataPublisher {

        private final int id;
        private final CompletableFuture<Void> gone = new CompletableFuture<>();

        FormerSelf(int id) {
            this.id = id;
        }

        @Override
        public String name() {
            return "FormerSelf";
        }

        @Override
        public void onMetadataUpdate(MetadataDelta delta, MetadataImage image, LoaderManifest manifest) {
            BrokerRegistration former = image.cluster().broker(id);
            if (former == null || former.fenced()) {
                gone.complete(null);
            }
        }
    }
}
