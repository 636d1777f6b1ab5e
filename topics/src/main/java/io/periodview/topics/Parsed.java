package io.periodview.topics;

/** What became of an event's bytes: an event, or the reason why they are none. */
public sealed interface Parsed<E> {

    record Event<E>(E event) implements Parsed<E> {}

    record Rejected<E>(Rejection rejection) implements Parsed<E> {}
}
