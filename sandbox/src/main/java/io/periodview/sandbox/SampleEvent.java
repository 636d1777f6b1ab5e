package io.periodview.sandbox;

import io.periodview.topics.EventKey;
import org.jspecify.annotations.Nullable;

/** An event of the sample; a null value is a tombstone. */
record SampleEvent(Kind kind, EventKey key, byte @Nullable [] value) {

    /** Decides the topic. */
    enum Kind {
        PERIOD,
        ACTION
    }
}
