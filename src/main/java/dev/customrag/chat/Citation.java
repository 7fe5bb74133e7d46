package dev.customrag.chat;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Where a statement of an answer comes from.
 *
 * @param number the {@code [n]} in the answer
 * @param page the page the quote is on, from 1; null where the format has no pages
 * @param quote the exact text of the document
 * @param start where the quote begins in the document's extracted text, in UTF-16 code units
 * @param end where it ends there, exclusive
 * @param heading the title of the section the quote is in, null without one
 * @param state how well the quote supports what the answer says; null of sources, which nothing was said from yet, and of
 *     answers stored before this was judged
 */
@RegisterForReflection
public record Citation(
        int number,
        UUID passageId,
        UUID documentId,
        String filename,
        Integer page,
        String quote,
        int start,
        int end,
        String heading,
        State state) {

    /** Judged by words, see {@link Evidence}: a statement that turns the words of its source around is not found out. */
    @Schema(name = "CitationState")
    public enum State {
        /** The answer's own quotation stands there; or, without one, the quote has its words, figures and names. */
        @JsonProperty("verified")
        VERIFIED,
        /** The quote supports the statement in part, or in other words. */
        @JsonProperty("weak")
        WEAK,
        /** The answer quotes what does not stand there, or the passage has nothing in common with the statement. */
        @JsonProperty("missing")
        MISSING
    }
}
