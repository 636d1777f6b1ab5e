package io.periodview.streams.view;

import io.periodview.topics.TeamPartitioner;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers questions about any team, or says who can. Thread-safe; nothing of a store is held when an answer is handed
 * out.
 */
public final class PeriodView {

    private static final Logger LOG = LoggerFactory.getLogger(PeriodView.class);
    private static final StreamPartitioner<Long, Object> BY_TEAM =
            (topic, team, value, partitions) -> Optional.of(Set.of(TeamPartitioner.partitionOf(team, partitions)));

    private final KafkaStreams streams;
    private final String store;
    private final HostInfo self;
    private final AnswerSpace space;

    public PeriodView(KafkaStreams streams, String store, HostInfo self, AnswerSpace space) {
        this.streams = streams;
        this.store = store;
        this.self = self;
        this.space = space;
    }

    /**
     * The periods of a team that lie within a range.
     *
     * @param from earliest start, in milliseconds since the epoch, or null
     * @param until latest end, in milliseconds since the epoch, or null; an open period lies within none
     */
    public Result periods(long teamId, @Nullable Long from, @Nullable Long until) {
        return ask(teamId, reader -> reader.periods(teamId, from, until));
    }

    /**
     * The actions of a period.
     *
     * @param formFields null if the reader did not ask for any
     */
    public Result actions(long teamId, long periodId, @Nullable FormFields formFields) {
        return ask(teamId, reader -> reader.actions(teamId, periodId, formFields));
    }

    private interface Question {
        @Nullable
        Answer ask(ViewReader reader) throws IOException;
    }

    private Result ask(long teamId, Question question) {
        if (!streams.state().isRunningOrRebalancing()) {
            return new Result.NotReady("This instance is " + streams.state() + ".");
        }
        try {
            KeyQueryMetadata where = streams.queryMetadataForKey(store, teamId, BY_TEAM);
            if (where == null || where.equals(KeyQueryMetadata.NOT_AVAILABLE)) {
                return new Result.NotReady("The team's partition is being assigned.");
            }
            if (!where.activeHost().equals(self)) {
                return new Result.Elsewhere(where.activeHost());
            }
            ReadOnlyKeyValueStore<Bytes, byte[]> rows = streams.store(
                    StoreQueryParameters.fromNameAndType(store, QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                            .withPartition(where.partition()));
            Answer answer = question.ask(new ViewReader(rows, space));
            return answer == null ? new Result.NotFound() : new Result.Found(answer);
        } catch (InvalidStateStoreException e) {
            LOG.debug("The store of team {} cannot be read", teamId, e);
            return new Result.NotReady("The team's partition is being moved or restored.");
        } catch (IllegalStateException e) {
            if (streams.state().isRunningOrRebalancing()) {
                throw e;
            }
            return new Result.NotReady("This instance is " + streams.state() + ".");
        } catch (IOException e) {
            LOG.error("An answer of team {} could not be gathered: is there room for temporary files?", teamId, e);
            return new Result.NotReady("The answer could not be gathered.");
        }
    }
}
