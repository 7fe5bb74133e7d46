package dev.customrag.document;

import dev.customrag.document.DocumentResource.DocumentView;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** The progress of uploaded files as it happens. Contract: docs/api.md, section "Documents and search". */
@Path("/documents/events")
@Authenticated
class DocumentChangesResource {

    /** No longer than an access token. Clients reconnect by themselves. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(15);

    private final CurrentUser user;
    private final DocumentChanges changes;
    private final Duration signOfLife;

    DocumentChangesResource(CurrentUser user, DocumentChanges changes, DocumentsConfig config) {
        this.user = user;
        this.changes = changes;
        this.signOfLife = config.events().signOfLife();
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "The progress of your documents as it happens")
    @APIResponse(
            responseCode = "200",
            description = "Events named document: one for each document in work, then for each change",
            content = @Content(mediaType = "text/event-stream", schema = @Schema(implementation = DocumentView.class)))
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        Multi<OutboundSseEvent> documents = changes.of(user.id()).map(document -> sse.newEventBuilder()
                .name("document")
                .data(DocumentView.class, DocumentView.of(document))
                .build());
        BooleanSupplier stillSignedIn = user.stillSignedIn();
        Multi<OutboundSseEvent> signsOfLife = Multi.createFrom()
                .ticks()
                .startingAfter(signOfLife)
                .every(signOfLife)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .map(tick -> {
                    if (!stillSignedIn.getAsBoolean()) {
                        throw new Ended();
                    }
                    return sse.newEventBuilder().comment("").build();
                });
        return Multi.createBy()
                .merging()
                .streams(documents.onCompletion().failWith(Ended::new), signsOfLife)
                .select()
                .first(LONGEST_STREAM)
                .onFailure(Ended.class)
                .recoverWithCompletion();
    }

    /** Ends the signs of life with the documents, and the documents with the sign-in. */
    private static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
