package dev.customrag.assistant;

import dev.customrag.document.Documents;
import dev.customrag.http.Problem;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** Writes assistants to files, and makes them of such files, also of another person's or another service's. */
@ApplicationScoped
class AssistantFiles {

    private final Assistants assistants;
    private final Documents documents;
    private final ModelProvider models;
    private final Clock clock;

    AssistantFiles(Assistants assistants, Documents documents, ModelProvider models, Clock clock) {
        this.assistants = assistants;
        this.documents = documents;
        this.models = models;
        this.clock = clock;
    }

    /**
     * An assistant made of a file.
     *
     * @param notices in what it is not the one that was written, in sentences
     * @param missing the documents that its new owner has not
     */
    record Imported(Assistant assistant, List<String> notices, List<AssistantFile.KnownDocument> missing) {}

    /** Writes one of this person's. */
    AssistantFile write(UUID owner, Assistant assistant) {
        List<AssistantFile.KnownDocument> known = documents.keep(owner, assistant.documentIds()).stream()
                .map(document -> new AssistantFile.KnownDocument(document.filename(), document.sha256()))
                .toList();
        return new AssistantFile(
                AssistantFile.FORMAT, AssistantFile.VERSION, clock.instant(), AssistantRequest.of(assistant), known);
    }

    /**
     * Makes one. Documents are found by their bytes; a model that is not to be had is left out.
     *
     * @throws ModelFailure if it cannot be found out whether the model is to be had
     * @throws Problem 409 if there are as many as there may be
     */
    Imported read(UUID owner, AssistantFile file) {
        AssistantRequest request = file.assistant();
        var notices = new ArrayList<String>();
        if (!hasModel(request)) {
            request.modelId = null;
            notices.add("The model of the file is not available here. The assistant answers with the default model.");
        }
        // Which documents these would be elsewhere, and which assistant is the default there, means nothing here.
        request.documentIds = null;
        request.isDefault = null;
        List<AssistantFile.KnownDocument> missing = List.of();
        if (!Boolean.TRUE.equals(request.allDocuments)
                && file.documents() != null
                && !file.documents().isEmpty()) {
            List<Documents.Name> found = documents.withContents(
                    owner,
                    file.documents().stream()
                            .map(AssistantFile.KnownDocument::sha256)
                            .toList());
            request.documentIds = found.stream().map(Documents.Name::id).collect(Collectors.toSet());
            Set<String> there = found.stream().map(Documents.Name::sha256).collect(Collectors.toSet());
            missing = file.documents().stream()
                    .filter(document -> !there.contains(document.sha256()))
                    .distinct()
                    .toList();
        }
        if (!missing.isEmpty()) {
            notices.add(
                    "Some documents of the file are not among yours. Upload them, and choose them for the assistant.");
        }
        return new Imported(assistants.create(owner, request), List.copyOf(notices), missing);
    }

    private boolean hasModel(AssistantRequest request) {
        if (request.modelId == null || request.modelId.isEmpty()) {
            return true;
        }
        try {
            models.check(request.modelId.get());
            return true;
        } catch (ModelFailure e) {
            if (e.kind() == ModelFailure.Kind.UNKNOWN_MODEL || e.kind() == ModelFailure.Kind.DENIED) {
                return false;
            }
            throw e;
        }
    }
}
