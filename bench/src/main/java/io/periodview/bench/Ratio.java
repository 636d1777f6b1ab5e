package io.periodview.bench;

/**
 * Two medians of one run, and what was aimed for.
 *
 * @param suite by name
 * @param text what is divided by what, for a person
 * @param goal the least it should be, or the most
 * @param atMost whether the goal is the most
 */
public record Ratio(String suite, String text, double value, double goal, boolean atMost) {

    public boolean isMet() {
        return atMost ? value <= goal : value >= goal;
    }
}
