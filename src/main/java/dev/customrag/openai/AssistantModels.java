package dev.customrag.openai;

import dev.customrag.assistant.Assistant;
import dev.customrag.assistant.Assistants;
import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What OpenAI's API calls a model is an assistant here. */
@ApplicationScoped
class AssistantModels {

    private final Assistants assistants;

    AssistantModels(Assistants assistants) {
        this.assistants = assistants;
    }

    List<Assistant> all(UUID owner) {
        return assistants.all(owner);
    }

    /**
     * The assistant that is meant: by its id; or by its name, where one alone has it.
     *
     * @throws Problem 404 if none is, or several are
     */
    Assistant named(UUID owner, String model) {
        Optional<Assistant> byId = id(model).flatMap(id -> assistants.find(owner, id));
        if (byId.isPresent()) {
            return byId.get();
        }
        // No name has a NUL, and PostgreSQL takes none.
        List<Assistant> meant = model.indexOf('\0') < 0 ? assistants.named(owner, model) : List.of();
        if (meant.size() > 1) {
            throw unknown("Several of your assistants have this name. Send the id of one; GET /v1/models lists them.");
        }
        if (meant.isEmpty()) {
            throw unknown("There is no such assistant of yours. Send the id of one; GET /v1/models lists them.");
        }
        return meant.getFirst();
    }

    private static Optional<UUID> id(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Problem unknown(String detail) {
        return new Problem(404, "unknown-model", "Unknown model", detail);
    }
}
