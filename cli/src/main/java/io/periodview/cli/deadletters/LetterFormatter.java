package io.periodview.cli.deadletters;

/** Renders a dead letter. Thread-safe. */
interface LetterFormatter {

    /** One line or several, without a line feed at the end. */
    String format(DeadLetterRecord letter);
}
