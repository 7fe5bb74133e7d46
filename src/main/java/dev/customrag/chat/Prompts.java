package dev.customrag.chat;

import dev.customrag.assistant.Assistant;
import dev.customrag.assistant.Assistant.AnswersFrom;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The system prompts, which stand as text files beside this class among the resources. */
@ApplicationScoped
class Prompts {

    private static final Pattern DELIMITER =
            Pattern.compile("<(?=\\s*/?\\s*(?:instructions|sources?)\\b)", Pattern.CASE_INSENSITIVE);

    private final String grounded = read("grounded.txt");
    private final String groundedWithKnowledge = read("grounded-with-knowledge.txt");
    private final String general = read("general.txt");
    private final String instructions = read("instructions.txt");
    private final String followUp = read("follow-up.txt");
    private final String title = read("title.txt");

    /**
     * The rules of an answer, and after them what the assistant's owner wants of it. Their instructions are trusted for task
     * and style, and delimited, so that where they end is no question; a reminder behind them says that the rules come first.
     *
     * @param retrieval whether documents are consulted for this question
     */
    String system(Assistant assistant, boolean retrieval) {
        String rules = retrieval ? grounded(assistant.answersFrom()) : general;
        return assistant.instructions().isBlank()
                ? rules
                : rules.stripTrailing() + instructions.replace("{instructions}", defused(assistant.instructions()));
    }

    private String grounded(AnswersFrom answersFrom) {
        return switch (answersFrom) {
            case DOCUMENTS -> grounded;
            case DOCUMENTS_AND_KNOWLEDGE -> groundedWithKnowledge;
        };
    }

    /** Rewrite a question so that it stands alone. */
    String followUp() {
        return followUp;
    }

    /** Name a conversation after its first question and answer. */
    String title() {
        return title;
    }

    private static String defused(String text) {
        return DELIMITER.matcher(text.strip()).replaceAll("(");
    }

    private static String read(String name) {
        try (var resource = Prompts.class.getResourceAsStream(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
