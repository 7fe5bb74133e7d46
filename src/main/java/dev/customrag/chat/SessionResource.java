package dev.customrag.chat;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.jboss.resteasy.reactive.ResponseStatus;

/** Conversations. Contract: docs/api.md, section "Models, assistants, chat". */
@Path("/sessions")
@Authenticated
@RunOnVirtualThread
class SessionResource {

    /** No control characters, line breaks of any kind, or halves of a character. */
    private static final String ONE_LINE = "[^\\p{Cc}\\p{Cs}\\u2028\\u2029]*";

    private final CurrentUser user;
    private final Clock clock;

    SessionResource(CurrentUser user, Clock clock) {
        this.user = user;
        this.clock = clock;
    }

    record NewSession(
            @Size(min = 1, max = 200) @Pattern(regexp = ONE_LINE, message = "must be one line")
            String title,

            UUID assistantId,
            Boolean ephemeral) {}

    record SessionChange(
            @NotNull @Size(min = 1, max = 200) @Pattern(regexp = ONE_LINE, message = "must be one line")
            String title) {}

    record SessionView(
            UUID id, String title, UUID assistantId, boolean ephemeral, Instant createdAt, Instant updatedAt) {

        static SessionView of(ChatSession session) {
            return new SessionView(session.id, session.title, null, false, session.createdAt, session.updatedAt);
        }
    }

    @GET
    @Operation(summary = "Your conversations, the one used last first")
    public Page<SessionView> list(@BeanParam @Valid PageRequest page) {
        return ChatSession.list(user.id(), page).map(SessionView::of);
    }

    @POST
    @ResponseStatus(201)
    @Transactional
    @Operation(summary = "Begin a conversation")
    @APIResponseSchema(SessionView.class)
    @APIResponse(responseCode = "404", description = "There is no such assistant")
    public SessionView create(@Valid NewSession request) {
        if (request.assistantId() != null) {
            throw Problem.notFound("Assistant");
        }
        if (Boolean.TRUE.equals(request.ephemeral())) {
            throw Problem.invalid("ephemeral", "ephemeral sessions are not available yet");
        }
        return SessionView.of(ChatSession.begin(user.id(), request.title(), clock.instant()));
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A conversation")
    public SessionView get(UUID id) {
        return SessionView.of(ChatSession.of(user.id(), id));
    }

    @PATCH
    @Path("/{id}")
    @Transactional
    @Operation(summary = "Change the title of a conversation")
    public SessionView rename(UUID id, @Valid SessionChange change) {
        ChatSession session = ChatSession.of(user.id(), id);
        session.title = change.title();
        session.updatedAt = clock.instant();
        return SessionView.of(session);
    }

    @DELETE
    @Path("/{id}")
    @Transactional
    @Operation(summary = "Delete a conversation and its messages")
    public void delete(UUID id) {
        ChatSession.of(user.id(), id).delete();
    }
}
