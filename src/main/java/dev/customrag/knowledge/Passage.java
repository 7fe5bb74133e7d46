package dev.customrag.knowledge;

import java.util.UUID;

/**
 * An indexed passage.
 *
 * @param filename the name of the document it is from
 * @param page the page it begins on, from 1; null where the format has no pages
 * @param heading the title of its section, null without one
 * @param start where it begins in the document's extracted text, in UTF-16 code units
 * @param end where it ends there, exclusive
 * @param score how well it matches the question, comparable within one result only, greater is better; null in a listing
 */
public record Passage(
        UUID id,
        UUID documentId,
        String filename,
        Integer page,
        String heading,
        int start,
        int end,
        String text,
        Double score) {}
