package dev.customrag.document;

import java.util.ArrayList;
import java.util.List;

/** Numbers of pages in words, of which there are few however many pages: {@code 3, 5-7 and 214 more}. */
final class PageRanges {

    private static final int MOST_RANGES = 10;

    private PageRanges() {}

    /** The pages in words. They are in order, and there is one at least. */
    static String inWords(List<Integer> pages) {
        var ranges = new ArrayList<String>();
        int i = 0;
        while (i < pages.size() && ranges.size() < MOST_RANGES) {
            int first = i;
            while (i + 1 < pages.size() && pages.get(i + 1) == pages.get(i) + 1) {
                i++;
            }
            ranges.add(first == i ? pages.get(i).toString() : pages.get(first) + "-" + pages.get(i));
            i++;
        }
        String more = i < pages.size() ? " and " + (pages.size() - i) + " more" : "";
        return String.join(", ", ranges) + more;
    }
}
