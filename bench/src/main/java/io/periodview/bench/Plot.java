package io.periodview.bench;

import java.util.List;
import java.util.Locale;

/** Pictures of figures: a bar to the median, a line from the lowest to the highest round. */
final class Plot {

    private static final int WIDTH = 760;
    private static final int LEFT = 300;
    private static final int ROW = 20;
    private static final int TOP = 34;
    private static final List<String> COLOURS =
            List.of("#2a6f97", "#e07a5f", "#81b29a", "#f2cc8f", "#6d597a", "#8d99ae");

    private Plot() {}

    /** One row each; all of a unit share a scale. */
    static String bars(String title, List<Figure> figures) {
        List<String> contenders =
                figures.stream().map(Figure::contender).distinct().toList();
        StringBuilder svg = new StringBuilder();
        int height = TOP + figures.size() * ROW + 10;
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\">%n",
                WIDTH, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.append(String.format("<text x=\"8\" y=\"18\" font-size=\"13\">%s</text>%n", escaped(title)));
        int y = TOP;
        for (Figure figure : figures) {
            double most = figures.stream()
                    .filter(other -> other.unit().equals(figure.unit()))
                    .mapToDouble(Figure::highest)
                    .max()
                    .orElseThrow();
            double scale = (WIDTH - LEFT - 120) / most;
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>%n",
                    LEFT - 6,
                    y + 13,
                    escaped(figure.cell() + " · " + figure.contender())));
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>%n",
                    LEFT,
                    y + 3,
                    figure.median() * scale,
                    ROW - 7,
                    COLOURS.get(contenders.indexOf(figure.contender()) % COLOURS.size())));
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"black\"/>%n",
                    LEFT + figure.lowest() * scale,
                    LEFT + figure.highest() * scale,
                    y + 9,
                    y + 9));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\">%s %s</text>%n",
                    LEFT + figure.highest() * scale + 5,
                    y + 13,
                    Report.number(figure.median()),
                    escaped(figure.unit())));
            y += ROW;
        }
        return svg.append("</svg>\n").toString();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
