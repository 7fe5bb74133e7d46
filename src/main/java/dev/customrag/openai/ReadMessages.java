package dev.customrag.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.chat.Completions.Role;
import dev.customrag.chat.Completions.Said;
import dev.customrag.http.Problem;
import dev.customrag.openai.CompletionRequest.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads the messages of a request as a conversation in turns. Several in a row by the same speaker are one, in paragraphs;
 * what the assistant says before the first question, as a greeting, is left out, since models begin with the user.
 */
final class ReadMessages {

    /** NUL and halves of a character, which a search could not be done with. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\x00\\p{Cs}]");

    private final List<Message> messages;
    private final int longestQuestion;

    /** @param longestQuestion in UTF-16 code units */
    ReadMessages(List<Message> messages, int longestQuestion) {
        this.messages = messages;
        this.longestQuestion = longestQuestion;
    }

    /**
     * What the system says, then turns that begin and end with the user.
     *
     * @throws Problem 422 if it is no such conversation, or holds what is no text
     */
    List<Said> said() {
        var system = new ArrayList<Said>();
        var turns = new ArrayList<Said>();
        for (int i = 0; i < messages.size(); i++) {
            String place = "messages[%d]".formatted(i);
            Said said = read(place, messages.get(i));
            if (said.text().isBlank()) {
                continue;
            }
            if (said.role() == Role.SYSTEM) {
                system.add(said);
            } else if (!turns.isEmpty() && turns.getLast().role() == said.role()) {
                turns.add(new Said(said.role(), turns.removeLast().text() + "\n\n" + said.text()));
            } else if (!turns.isEmpty() || said.role() == Role.USER) {
                turns.add(said);
            }
        }
        if (turns.isEmpty() || turns.getLast().role() != Role.USER) {
            throw Problem.invalid("messages", "must end with a message of the user that is not empty");
        }
        if (turns.getLast().text().length() > longestQuestion) {
            throw new Problem(
                    422,
                    "model-input-too-long",
                    "Too long",
                    "The last message has %,d characters and may have %,d. Shorten it."
                            .formatted(turns.getLast().text().length(), longestQuestion));
        }
        system.addAll(turns);
        return system;
    }

    private static Said read(String place, Message message) {
        Role role =
                switch (message.role()) {
                    case "system", "developer" -> Role.SYSTEM;
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    default -> throw Problem.invalid(place + ".role", "must be system, developer, user or assistant");
                };
        refuse(place + ".tool_calls", message.toolCalls());
        refuse(place + ".function_call", message.functionCall());
        return new Said(role, text(place + ".content", message.content()));
    }

    private static void refuse(String place, JsonNode value) {
        if (value != null && !value.isNull() && !value.isEmpty()) {
            throw Problem.invalid(place, "is not supported: assistants use no tools");
        }
    }

    private static String text(String place, JsonNode content) {
        if (content == null || content.isNull()) {
            return "";
        }
        if (content.isTextual()) {
            return checked(place, content.asText());
        }
        if (!content.isArray()) {
            throw Problem.invalid(place, "must be a text, or parts of type text");
        }
        var parts = new ArrayList<String>();
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            if (!part.path("type").asText().equals("text")) {
                throw Problem.invalid(
                        "%s[%d].type".formatted(place, i), "must be text: assistants read no images, files or sound");
            }
            if (!part.path("text").isTextual()) {
                throw Problem.invalid("%s[%d].text".formatted(place, i), "must be a text");
            }
            parts.add(checked(place, part.get("text").asText()));
        }
        return String.join("\n", parts);
    }

    private static String checked(String place, String text) {
        if (NO_TEXT.matcher(text).find()) {
            throw Problem.invalid(place, "must be text without NUL");
        }
        return text;
    }
}
