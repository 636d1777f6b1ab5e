package io.periodview.bench.ingest;

import io.periodview.bench.BenchEnvironment;
import io.periodview.bench.ChildJvm;
import io.periodview.bench.load.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Who can take events in, by name. */
public final class Candidates {

    public static final String CONSUMER = "consumer";
    public static final String PIPE = "pipe";
    public static final String PIPE_AND_PARSE = "pipe+parse";
    public static final String VIEW = "period-view";
    /** With the polls that a consumer has by itself, and with ten times larger ones: there is more to leave out. */
    public static final String POSTGRES = "postgres";

    public static final String POSTGRES_TUNED = "postgres, polls of 5,000";

    /** The way that tutorials teach: Kafka Streams' DSL, a list of actions for each period. */
    public static final String DSL = "dsl";

    private Candidates() {}

    /**
     * Starts one in a JVM of its own.
     *
     * @param application its group, and what its topics begin with
     * @param folder for its state
     */
    public static ChildJvm start(
            BenchEnvironment environment, Topics topics, String contender, String application, Path folder)
            throws Exception {
        List<String> arguments = new ArrayList<>(topics.arguments());
        arguments.add(application);
        Class<?> main;
        switch (contender) {
            case CONSUMER -> main = BareConsumer.class;
            case PIPE, PIPE_AND_PARSE -> {
                main = Pipe.class;
                arguments.add(folder.resolve("state").toString());
                arguments.add(contender.equals(PIPE) ? "put" : "parse");
            }
            case DSL -> {
                main = DslTopology.class;
                arguments.add(folder.resolve("state").toString());
            }
            case POSTGRES, POSTGRES_TUNED -> {
                main = PostgresConsumer.class;
                arguments.add(environment.postgres().url());
                arguments.add(contender.equals(POSTGRES) ? "500" : "5000");
            }
            default -> {
                Topics.createInternal(topics, application);
                main = View.class;
                arguments.add(folder.resolve("state").toString());
            }
        }
        return ChildJvm.start(main, folder, arguments);
    }

    /** See {@link Progress}. */
    static double rate(
            Topics topics, String contender, String application, ChildJvm child, Duration warmUp, Duration atMost)
            throws Exception {
        return contender.equals(DSL)
                ? Progress.rate(topics, Set.of(DslTopology.lastTopic(application)), application, child, warmUp, atMost)
                : Progress.rate(topics, application, child, warmUp, atMost);
    }

    /** Waits until everything is taken and committed. */
    public static void awaitAll(Topics topics, String application, ChildJvm child, Duration atMost) throws Exception {
        Progress.awaitAll(topics, application, child, atMost);
    }
}
