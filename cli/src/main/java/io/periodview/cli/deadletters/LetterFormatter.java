package io.periodview.cli.deadletters;

/** How a dead letter is shown. Thread-safe. */
interface LetterFormatter {

    /** One line or several, without a line feed at the end. */
    String show(DeadLetterRecord letter);
}
