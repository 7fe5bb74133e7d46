package dev.customrag.document.parsing;

import java.util.List;

/**
 * The text of a file and how it is laid out. All positions are UTF-16 code units in {@code text}.
 *
 * @param text everything readable, in reading order
 * @param sections in order, at least one; together their blocks cover all of the text but white space
 * @param pageCount null where the format has no pages
 * @param pagesWithoutText the pages, from 1, on which nothing can be read, such as scanned ones; in order
 */
public record ParsedDocument(String text, List<Section> sections, Integer pageCount, List<Integer> pagesWithoutText) {

    /**
     * What stands under one heading.
     *
     * @param heading null before the first heading; the heading's own line is the first block
     */
    public record Section(String heading, List<Block> blocks) {}

    /**
     * A paragraph, a list item, a row of a table.
     *
     * @param end exclusive, greater than {@code start}
     * @param page from 1, null where the format has no pages
     */
    public record Block(int start, int end, Integer page) {}
}
