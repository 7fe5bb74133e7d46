package dev.customrag.document;

import dev.customrag.document.DocumentNews.Changed;
import dev.customrag.document.DocumentNews.Deleted;
import dev.customrag.document.DocumentNews.News;
import dev.customrag.document.DocumentNews.Nothing;
import dev.customrag.document.DocumentNews.Reload;
import dev.customrag.document.DocumentResource.DocumentView;
import dev.customrag.identity.CurrentUser;
import io.quarkus.runtime.annotations.RegisterForReflection;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
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

    /** What clients wait before they come back. */
    private static final Duration RECONNECT = Duration.ofSeconds(1);

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
            description =
                    "Events named document, deleted or reload: what changed since Last-Event-ID, or the documents in work "
                            + "without it, then each change",
            content = @Content(mediaType = "text/event-stream", schema = @Schema(implementation = DocumentView.class)))
    public Multi<OutboundSseEvent> events(
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) String lastEventId, @Context Sse sse) {
        Multi<OutboundSseEvent> news = changes.of(user.id(), ChangePosition.of(lastEventId))
                .map(item -> event(sse, item.news()).id(item.position().id()).build());
        BooleanSupplier stillSignedIn = user.stillSignedIn();
        Multi<OutboundSseEvent> checks = Multi.createFrom()
                .ticks()
                .startingAfter(signOfLife)
                .every(signOfLife)
                .onOverflow()
                .drop()
                .emitOn(Infrastructure.getDefaultWorkerPool())
                .select()
                .where(tick -> !stillSignedIn.getAsBoolean())
                .map(tick -> {
                    throw new Ended();
                });
        return Multi.createBy()
                .merging()
                .streams(news.onCompletion().failWith(Ended::new), checks)
                .select()
                .first(LONGEST_STREAM)
                .onFailure(Ended.class)
                .recoverWithCompletion();
    }

    private static OutboundSseEvent.Builder event(Sse sse, News news) {
        OutboundSseEvent.Builder event = sse.newEventBuilder();
        return switch (news) {
            case Changed(Document document) ->
                event.name("document").data(DocumentView.class, DocumentView.of(document));
            case Deleted(UUID id) -> event.name("deleted").data(DeletedView.class, new DeletedView(id));
            case Reload() -> event.name("reload").data(Map.class, Map.of());
            // No event, but clients take the id and the time all the same.
            case Nothing() -> event.comment("").reconnectDelay(RECONNECT.toMillis());
        };
    }

    /** A document that is gone. */
    @RegisterForReflection
    record DeletedView(UUID id) {}

    /** Ends the checks with the news, and the news with the sign-in. */
    private static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
