package dev.customrag.assistant;

import dev.customrag.document.Documents;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * A person's assistants. One thing at a time is done to them, so that the default stays one and two changes of one
 * assistant are both kept.
 */
@ApplicationScoped
public class Assistants {

    private static final String NAME_OF_DEFAULT = "Assistant";
    private static final String COPY = " (copy)";

    private final AssistantRows rows;
    private final Documents documents;
    private final ModelProvider models;
    private final AssistantsConfig config;
    private final Clock clock;

    Assistants(AssistantRows rows, Documents documents, ModelProvider models, AssistantsConfig config, Clock clock) {
        this.rows = rows;
        this.documents = documents;
        this.models = models;
        this.config = config;
        this.clock = clock;
    }

    /**
     * An assistant of this person.
     *
     * @throws Problem 404 if there is none, or it is somebody else's
     */
    public Assistant of(UUID owner, UUID id) {
        return find(owner, id).orElseThrow(() -> Problem.notFound("Assistant"));
    }

    /** An assistant of this person; empty if there is none, or it is somebody else's. */
    public Optional<Assistant> find(UUID owner, UUID id) {
        return rows.find(owner, id);
    }

    /** Those of this person's assistants that have this name. */
    public List<Assistant> named(UUID owner, String name) {
        defaultOf(owner);
        return rows.named(owner, name);
    }

    /**
     * The assistant that answers this person where none is named; made now if there is none yet.
     *
     * @throws Problem 404 if there is no such person any more
     */
    public Assistant defaultOf(UUID owner) {
        return rows.findDefault(owner).orElseGet(() -> {
            rows.insert(owner, plain(NAME_OF_DEFAULT, true));
            return rows.findDefault(owner).orElseThrow(() -> Problem.notFound("Assistant"));
        });
    }

    /** A page of this person's assistants, the newest first; the default one is among them. */
    public Page<Assistant> list(UUID owner, PageRequest page) {
        defaultOf(owner);
        return rows.list(owner, page);
    }

    /** All of this person's assistants, the newest first; the default one is among them. */
    public List<Assistant> all(UUID owner) {
        defaultOf(owner);
        return rows.all(owner);
    }

    /**
     * Makes one.
     *
     * @throws ModelFailure if its model is not to be had
     * @throws Problem 409 if there are as many as there may be, 422 if it is to know documents that there are not
     */
    Assistant create(UUID owner, AssistantRequest request) {
        check(request.modelId);
        return alone(owner, () -> add(owner, request));
    }

    /**
     * Changes one.
     *
     * @throws ModelFailure if its new model is not to be had
     * @throws Problem 404 if there is none, 409 if there would be no default any more, 422 as {@link #create}
     */
    Assistant change(UUID owner, UUID id, AssistantRequest request) {
        of(owner, id);
        check(request.modelId);
        return alone(owner, () -> {
            Assistant before = of(owner, id);
            if (before.isDefault() && Boolean.FALSE.equals(request.isDefault)) {
                throw neededDefault("This is the default assistant. Make another one the default instead.");
            }
            Assistant after = request.applied(before, clock.instant());
            rows.update(owner, after);
            // Else what is left of them stays, whichever documents are being deleted.
            if (!after.documentIds().equals(before.documentIds())) {
                check(owner, after.documentIds());
                rows.choose(owner, id, after.documentIds());
            }
            if (Boolean.TRUE.equals(request.isDefault)) {
                rows.makeDefault(owner, id);
            }
            return of(owner, id);
        });
    }

    /**
     * Deletes one. Conversations with it stay.
     *
     * @throws Problem 404 if there is none, 409 if it is the default
     */
    void delete(UUID owner, UUID id) {
        alone(owner, () -> {
            if (of(owner, id).isDefault()) {
                throw neededDefault("The default assistant cannot be deleted. Make another one the default first.");
            }
            rows.delete(owner, id);
            return id;
        });
    }

    /**
     * Makes another one like it.
     *
     * @throws Problem 404 if there is none, 409 if there are as many as there may be
     */
    Assistant duplicate(UUID owner, UUID id) {
        return alone(owner, () -> {
            Assistant original = of(owner, id);
            AssistantRequest copy = AssistantRequest.of(original);
            copy.name = beginning(original.name()) + COPY;
            copy.documentIds = documents.keep(owner, original.documentIds()).stream()
                    .map(Documents.Name::id)
                    .collect(Collectors.toSet());
            return add(owner, copy);
        });
    }

    private static String beginning(String name) {
        int end = Math.min(name.length(), AssistantRequest.LONGEST_NAME - COPY.length());
        return name.substring(0, Character.isHighSurrogate(name.charAt(end - 1)) ? end - 1 : end);
    }

    /** In a transaction in which nobody else changes this person's assistants, of which one is the default. */
    private <T> T alone(UUID owner, Callable<T> work) {
        defaultOf(owner);
        return QuarkusTransaction.requiringNew().call(() -> {
            if (!rows.hold(owner)) {
                throw Problem.notFound("Assistant");
            }
            return work.call();
        });
    }

    private Assistant add(UUID owner, AssistantRequest request) {
        if (rows.count(owner) >= config.mostPerPerson()) {
            throw Problem.conflict(
                    "too-many-assistants",
                    "There are %d assistants already, as many as there may be. Delete one that is not used."
                            .formatted(config.mostPerPerson()));
        }
        Assistant plain = plain("", false);
        Assistant made = request.applied(plain, plain.createdAt());
        check(owner, made.documentIds());
        rows.insert(owner, made);
        rows.choose(owner, made.id(), made.documentIds());
        if (Boolean.TRUE.equals(request.isDefault)) {
            rows.makeDefault(owner, made.id());
        }
        return of(owner, made.id());
    }

    private void check(UUID owner, Set<UUID> ids) {
        if (!ids.isEmpty() && documents.keep(owner, ids).size() < ids.size()) {
            throw Problem.invalid("document_ids", "must be ids of documents of yours");
        }
    }

    private void check(Optional<String> model) {
        if (model != null && model.isPresent()) {
            models.check(model.get());
        }
    }

    private Assistant plain(String name, boolean isDefault) {
        Instant now = clock.instant();
        return new Assistant(
                Ids.next(),
                name,
                "",
                "",
                null,
                null,
                null,
                null,
                new Assistant.Retrieval(true, 5),
                Assistant.AnswersFrom.DOCUMENTS,
                true,
                Set.of(),
                isDefault,
                now,
                now);
    }

    private static Problem neededDefault(String detail) {
        return Problem.conflict("default-assistant", detail);
    }
}
