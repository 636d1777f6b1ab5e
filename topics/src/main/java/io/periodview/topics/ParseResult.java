package io.periodview.topics;

import java.util.function.Function;

/** What the bytes of an event were parsed to: an event, or the reason why they are none. */
public sealed interface ParseResult<E> {

    record Parsed<E>(E value) implements ParseResult<E> {}

    record Rejected<E>(Rejection rejection) implements ParseResult<E> {}

    /** What the function makes of the event, if it is one. */
    default <R> ParseResult<R> map(Function<? super E, ? extends R> function) {
        return this instanceof Parsed<E> parsed
                ? new Parsed<>(function.apply(parsed.value()))
                : new Rejected<>(((Rejected<E>) this).rejection());
    }
}
