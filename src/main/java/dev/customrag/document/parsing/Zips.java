package dev.customrag.document.parsing;

import java.util.ArrayDeque;

/** What files that are zips have in common. */
final class Zips {

    private Zips() {}

    /**
     * The name in the zip of what a file there refers to. No path of this machine: those may not hold every character.
     *
     * @param from the name of the file that refers to it
     * @param reference relative to that file's folder, or to the zip if it begins with a slash
     */
    static String resolved(String from, String reference) {
        String folder = from.substring(0, from.lastIndexOf('/') + 1);
        String path = reference.startsWith("/") ? reference : folder + reference;
        var steps = new ArrayDeque<String>();
        for (String step : path.split("/")) {
            switch (step) {
                case "", "." -> {}
                case ".." -> steps.pollLast();
                default -> steps.addLast(step);
            }
        }
        return String.join("/", steps);
    }
}
