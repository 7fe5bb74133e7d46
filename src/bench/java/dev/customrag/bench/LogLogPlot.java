package dev.customrag.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Lines over two logarithmic axes, as an SVG: what grows with what shows as a slope. */
final class LogLogPlot {

    private static final int WIDTH = 460;
    private static final int HEIGHT = 300;
    private static final int LEFT = 64;
    private static final int BOTTOM = 44;
    private static final int TOP = 34;
    private static final int RIGHT = 150;
    private static final String[] COLOURS = {"#1b6ca8", "#c8553d", "#3a7d44", "#7b4ea3", "#b8860b", "#444444"};

    private final String title;
    private final String xLabel;
    private final String yLabel;
    private final Map<String, Map<Double, Double>> lines = new LinkedHashMap<>();

    LogLogPlot(String title, String xLabel, String yLabel) {
        this.title = title;
        this.xLabel = xLabel;
        this.yLabel = yLabel;
    }

    /** Adds a point to a line; both values are positive. */
    void add(String line, double x, double y) {
        lines.computeIfAbsent(line, name -> new TreeMap<>()).put(x, y);
    }

    /** Plots below each other in one picture. */
    static String svg(List<LogLogPlot> plots) {
        var svg = new StringBuilder("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\""
                .formatted(LEFT + WIDTH + RIGHT, plots.size() * (TOP + HEIGHT + BOTTOM)));
        svg.append(
                " font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        for (int i = 0; i < plots.size(); i++) {
            svg.append("<g transform=\"translate(%d,%d)\">%n".formatted(LEFT, TOP + i * (TOP + HEIGHT + BOTTOM)));
            plots.get(i).draw(svg);
            svg.append("</g>\n");
        }
        return svg.append("</svg>\n").toString();
    }

    private void draw(StringBuilder svg) {
        double[] x = decades(lines.values().stream()
                .flatMap(points -> points.keySet().stream())
                .toList());
        double[] y = decades(lines.values().stream()
                .flatMap(points -> points.values().stream())
                .toList());
        text(svg, 0, -14, "start", title);
        text(svg, WIDTH / 2, HEIGHT + 36, "middle", xLabel);
        svg.append("<text transform=\"translate(-50,%d) rotate(-90)\" text-anchor=\"middle\">%s</text>%n"
                .formatted(HEIGHT / 2, yLabel));
        for (double decade = x[0]; decade <= x[1]; decade++) {
            int at = (int) (WIDTH * (decade - x[0]) / (x[1] - x[0]));
            grid(svg, at, 0, at, HEIGHT);
            text(svg, at, HEIGHT + 16, "middle", number(decade));
        }
        for (double decade = y[0]; decade <= y[1]; decade++) {
            int at = (int) (HEIGHT - HEIGHT * (decade - y[0]) / (y[1] - y[0]));
            grid(svg, 0, at, WIDTH, at);
            text(svg, -6, at + 4, "end", number(decade));
        }
        int line = 0;
        for (var entry : lines.entrySet()) {
            String colour = COLOURS[line % COLOURS.length];
            var path = new ArrayList<String>();
            for (var point : entry.getValue().entrySet()) {
                double px = WIDTH * (Math.log10(point.getKey()) - x[0]) / (x[1] - x[0]);
                double py = HEIGHT - HEIGHT * (Math.log10(point.getValue()) - y[0]) / (y[1] - y[0]);
                path.add(String.format(Locale.ROOT, "%.1f,%.1f", px, py));
                svg.append(String.format(
                        Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", px, py, colour));
            }
            svg.append("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.6\"/>%n"
                    .formatted(String.join(" ", path), colour));
            svg.append("<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"3\" fill=\"%s\"/>%n"
                    .formatted(WIDTH + 12, 6 + 18 * line, colour));
            text(svg, WIDTH + 30, 12 + 18 * line, "start", entry.getKey());
            line++;
        }
    }

    /** The powers of ten around all values. */
    private static double[] decades(List<Double> values) {
        double low = Math.floor(Math.log10(
                values.stream().mapToDouble(Double::doubleValue).min().orElseThrow()));
        double high = Math.ceil(Math.log10(
                values.stream().mapToDouble(Double::doubleValue).max().orElseThrow()));
        return new double[] {low, Math.max(high, low + 1)};
    }

    private static String number(double decade) {
        return decade >= 0
                ? String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade))
                : String.valueOf(Math.pow(10, decade));
    }

    private static void grid(StringBuilder svg, int x1, int y1, int x2, int y2) {
        svg.append("<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#dddddd\"/>%n".formatted(x1, y1, x2, y2));
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>%n".formatted(x, y, anchor, text));
    }
}
