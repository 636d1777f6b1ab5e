package io.periodview.streams.intake;

import io.periodview.topics.ActionEvent;
import io.periodview.topics.EventKey;
import io.periodview.topics.PeriodEvent;

/** What an event that can be applied asks for. */
public sealed interface Change {

    /** Names the team and its period or action. */
    EventKey key();

    /** @param timestamp the record's, in milliseconds since the epoch */
    record PeriodChanged(EventKey key, PeriodEvent event, long timestamp) implements Change {}

    record PeriodDeleted(EventKey key) implements Change {}

    record ActionChanged(EventKey key, ActionEvent event) implements Change {}

    record ActionDeleted(EventKey key) implements Change {}
}
