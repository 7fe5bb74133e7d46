package dev.customrag.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;

/**
 * Where a statement of an answer comes from.
 *
 * @param number the {@code [n]} in the answer
 * @param page the page the passage begins on, from 1; null where the format has no pages
 * @param quote the exact text of the document
 * @param start where the quote begins in the document's extracted text, in UTF-16 code units
 * @param end where it ends there, exclusive
 */
@RegisterForReflection
record Citation(
        int number, UUID passageId, UUID documentId, String filename, Integer page, String quote, int start, int end) {}
