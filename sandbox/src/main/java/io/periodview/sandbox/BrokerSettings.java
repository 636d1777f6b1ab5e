package io.periodview.sandbox;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** The settings of the only broker, which is its own controller, each with its reason. */
final class BrokerSettings {

    private BrokerSettings() {}

    /** The content of {@code server.properties}; the controller's port may differ at each start. */
    static Properties of(Path logs, int port, int controllerPort, Map<String, String> extra) {
        Properties settings = new Properties();
        String client = Ports.LOOPBACK + ":" + port;
        String controller = Ports.LOOPBACK + ":" + controllerPort;

        settings.put("process.roles", "broker,controller");
        settings.put("node.id", "1");
        // Static voters: a dynamic quorum writes the controller's port into the data, and a restart could not move it.
        settings.put("controller.quorum.voters", "1@" + controller);
        settings.put("controller.listener.names", "CONTROLLER");
        settings.put("listeners", "PLAINTEXT://" + client + ",CONTROLLER://" + controller);
        settings.put("advertised.listeners", "PLAINTEXT://" + client);
        settings.put("inter.broker.listener.name", "PLAINTEXT");
        settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", logs.toString());

        // There is one broker, and so one replica.
        settings.put("default.replication.factor", "1");
        settings.put("offsets.topic.replication.factor", "1");
        settings.put("transaction.state.log.replication.factor", "1");
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.replication.factor", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
        // 50 each by default: a hundred logs to create, load and close for a handful of groups.
        settings.put("offsets.topic.num.partitions", "5");
        settings.put("transaction.state.log.num.partitions", "5");
        settings.put("share.coordinator.state.topic.num.partitions", "1");
        // No more members to wait for: the first rebalance starts at once, not after three seconds.
        settings.put("group.initial.rebalance.delay.ms", "0");
        // A misspelt topic is an error here, as it should be in production.
        settings.put("auto.create.topics.enable", "false");
        // 128 MB by default, allocated at start: half of this heap.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(8 << 20));
        // A crashed producer's transaction is aborted a second after its timeout, not up to ten.
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // After a kill the controller, just restarted itself, rejects the broker as a duplicate until the session of
        // the
        // former run has expired: nine seconds by default.
        settings.put("broker.session.timeout.ms", "2000");
        settings.put("broker.heartbeat.interval.ms", "500");
        // Internal topics carry an event plus what the service adds; tests send records of 8 MiB.
        settings.put("message.max.bytes", Integer.toString(9 << 20));
        // A few clients on one machine.
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("num.recovery.threads.per.data.dir", "2");

        settings.putAll(extra);
        return settings;
    }
}
