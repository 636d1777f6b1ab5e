package io.periodview.streams.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class PollBudgetTest {

    private static final TopicPartition ONE = new TopicPartition("actions", 1);
    private static final TopicPartition TWO = new TopicPartition("actions", 2);

    private final PollBudget budget = new PollBudget();

    @Test
    void theFirstRecordOfAPollPassesHoweverLargeItIs() {
        budget.begin(10);
        budget.take(ONE, 1000);
        assertThatThrownBy(() -> budget.take(TWO, 1)).isInstanceOf(SerializationException.class);
        assertThat(budget.taken(ONE)).isEqualTo(1000);
        assertThat(budget.taken(TWO)).isZero();
    }

    @Test
    void eachPollBeginsWithAllOfIt() {
        budget.begin(10);
        budget.take(ONE, 6);
        budget.take(TWO, 4);
        assertThatThrownBy(() -> budget.take(TWO, 1)).isInstanceOf(SerializationException.class);
        budget.begin(10);
        assertThat(budget.taken(ONE)).isZero();
        budget.take(TWO, 10);
        assertThat(budget.taken(TWO)).isEqualTo(10);
    }
}
