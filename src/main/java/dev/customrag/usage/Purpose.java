package dev.customrag.usage;

import java.util.Locale;

/** What a model was called for. */
public enum Purpose {
    /** The answer to a question of a conversation. */
    ANSWER,
    /** The title of a conversation. */
    TITLE,
    /** A follow-up written so that it stands alone. */
    CONDENSING,
    /** The vectors of a question. */
    QUESTION_EMBEDDING,
    /** The vectors of a document's passages. */
    PASSAGE_EMBEDDING;

    /** As the tables, the API and the metrics write it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
