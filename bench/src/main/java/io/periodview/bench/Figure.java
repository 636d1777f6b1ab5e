package io.periodview.bench;

import java.util.Arrays;
import java.util.List;

/**
 * What one contender reached in one cell.
 *
 * @param suite by name
 * @param cell the load, such as "10 actions, changed"; a table's row
 * @param contender a table's column
 * @param unit of the rounds, such as "events/s"
 * @param rounds one value each, in the order measured; at least one
 */
public record Figure(String suite, String cell, String contender, String unit, List<Double> rounds) {

    public Figure {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("No round of " + contender + " in " + suite + ", " + cell);
        }
        rounds = List.copyOf(rounds);
    }

    public double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public double lowest() {
        return sorted()[0];
    }

    public double highest() {
        return sorted()[rounds.size() - 1];
    }

    private double[] sorted() {
        double[] sorted = rounds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
