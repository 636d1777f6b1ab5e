package io.periodview.topics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordOffsetTest {

    @ParameterizedTest
    @CsvSource({
        "actions-3@125, actions, 3, 125",
        "dead-letters-2@0, dead-letters, 2, 0",
        "a-1-2@3, a-1, 2, 3",
        "staging.Some_Topic-999999999@999999999999999999, staging.Some_Topic, 999999999, 999999999999999999",
        "---0@0, --, 0, 0",
    })
    void parsesWhatItPrints(String text, String topic, int partition, long offset) {
        RecordOffset parsed = RecordOffset.parse(text);
        assertThat(parsed).isEqualTo(new RecordOffset(topic, partition, offset));
        assertThat(parsed).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "actions",
                "actions-3",
                "actions@125",
                "actions-@125",
                "-3@125",
                "actions-3@",
                "actions--3@125x",
                "actions-3@-1",
                "actions-3@1.5",
                " actions-3@125",
                "actions-3@125\n",
                "act ions-3@125",
                "äctions-3@125",
                "actions-٣@125",
                "actions-1000000000@0",
                "actions-3@1000000000000000000",
                "actions-3@1,periods-3@2",
                "actions-03@7",
                "actions-3@07",
            })
    void anythingElseIsNull(String text) {
        assertThat(RecordOffset.parse(text)).isNull();
    }
}
