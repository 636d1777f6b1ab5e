package io.periodview.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What was measured so far, in the order in which it came. Not thread-safe. */
public final class Results {

    private record Place(String suite, String cell, String contender, String unit) {}

    private final Map<Place, List<Double>> rounds = new LinkedHashMap<>();
    private final List<Ratio> ratios = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    /** One round more. */
    public void add(String suite, String cell, String contender, String unit, double value) {
        rounds.computeIfAbsent(new Place(suite, cell, contender, unit), place -> new ArrayList<>())
                .add(value);
    }

    /**
     * Sets two contenders' medians of a cell against each other.
     *
     * @throws IllegalArgumentException if one of them was not measured
     */
    public void ratio(String suite, String cell, String contender, String reference, double goal, boolean atMost) {
        double value = median(suite, cell, contender) / median(suite, cell, reference);
        ratios.add(new Ratio(suite, cell + ": " + contender + " / " + reference, value, goal, atMost));
    }

    public void ratio(Ratio ratio) {
        ratios.add(ratio);
    }

    public double median(String suite, String cell, String contender) {
        return figures().stream()
                .filter(figure -> figure.suite().equals(suite)
                        && figure.cell().equals(cell)
                        && figure.contender().equals(contender))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "Nothing was measured of " + contender + " in " + suite + ", " + cell))
                .median();
    }

    /** For whoever reads the table: what failed, what was left out. */
    public void note(String suite, String text) {
        notes.add(suite + ": " + text);
    }

    public List<Figure> figures() {
        List<Figure> figures = new ArrayList<>();
        rounds.forEach((place, values) ->
                figures.add(new Figure(place.suite(), place.cell(), place.contender(), place.unit(), values)));
        return figures;
    }

    public List<Ratio> ratios() {
        return List.copyOf(ratios);
    }

    public List<String> notes() {
        return List.copyOf(notes);
    }
}
