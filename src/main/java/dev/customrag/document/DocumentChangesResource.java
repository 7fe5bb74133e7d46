package dev.customrag.document;

import dev.customrag.document.DocumentResource.DocumentView;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** The progress of uploaded files as it happens. Contract: docs/api.md, section "Documents and search". */
@Path("/documents/events")
@Authenticated
class DocumentChangesResource {

    /** Keeps the connection through proxies that drop idle ones, after a minute at the earliest. */
    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(20);

    /** The identity is checked when a stream begins: it may not outlive an access token. Clients reconnect by themselves. */
    private static final Duration LONGEST_STREAM = Duration.ofMinutes(15);

    private final CurrentUser user;
    private final DocumentChanges changes;

    DocumentChangesResource(CurrentUser user, DocumentChanges changes) {
        this.user = user;
        this.changes = changes;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        Multi<OutboundSseEvent> documents = changes.of(user.id()).map(document -> sse.newEventBuilder()
                .name("document")
                .data(DocumentView.class, DocumentView.of(document))
                .build());
        Multi<OutboundSseEvent> signsOfLife = Multi.createFrom()
                .ticks()
                .startingAfter(SIGN_OF_LIFE)
                .every(SIGN_OF_LIFE)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("").build());
        return Multi.createBy()
                .merging()
                .streams(documents.onCompletion().failWith(Ended::new), signsOfLife)
                .select()
                .first(LONGEST_STREAM)
                .onFailure(Ended.class)
                .recoverWithCompletion();
    }

    /** Ends the signs of life with the documents. */
    private static final class Ended extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }
}
