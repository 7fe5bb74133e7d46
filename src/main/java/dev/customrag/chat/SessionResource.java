package dev.customrag.chat;

import dev.customrag.assistant.Assistants;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
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

    private static final String NOT_BLANK = ".*\\S.*";

    private final CurrentUser user;
    private final SessionsOf sessions;
    private final StoredSessions stored;
    private final EphemeralSessions ephemeral;
    private final Assistants assistants;
    private final Answers answers;

    SessionResource(
            CurrentUser user,
            SessionsOf sessions,
            StoredSessions stored,
            EphemeralSessions ephemeral,
            Assistants assistants,
            Answers answers) {
        this.user = user;
        this.sessions = sessions;
        this.stored = stored;
        this.ephemeral = ephemeral;
        this.assistants = assistants;
        this.answers = answers;
    }

    record NewSession(
            @Size(max = 200)
            @Pattern(regexp = ONE_LINE, message = "must be one line")
            @Pattern(regexp = NOT_BLANK, flags = Pattern.Flag.DOTALL, message = "must not be blank")
            String title,

            UUID assistantId,
            Boolean ephemeral) {}

    record SessionChange(
            @Size(max = 200)
            @Pattern(regexp = ONE_LINE, message = "must be one line")
            @Pattern(regexp = NOT_BLANK, flags = Pattern.Flag.DOTALL, message = "must not be blank")
            String title,

            UUID assistantId,
            UUID currentMessageId) {}

    record SessionSearch(
            @NotBlank @Size(max = 500) @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must be text without NUL")
            String query,

            @Min(1) @Max(100) Integer limit,
            String cursor) {

        PageRequest page() {
            var page = new PageRequest();
            page.limit = limit == null ? 20 : limit;
            page.cursor = cursor;
            return page;
        }
    }

    record SessionView(
            UUID id,
            String title,
            UUID assistantId,
            boolean ephemeral,
            UUID currentMessageId,
            Instant createdAt,
            Instant updatedAt) {

        static SessionView of(Session session) {
            return new SessionView(
                    session.id(),
                    session.title(),
                    session.assistantId(),
                    session.ephemeral(),
                    session.currentMessageId(),
                    session.createdAt(),
                    session.updatedAt());
        }
    }

    record MatchView(
            UUID sessionId, String title, UUID messageId, Message.Role role, String snippet, Instant createdAt) {

        static MatchView of(StoredSessions.Match match) {
            return new MatchView(
                    match.sessionId(),
                    match.title(),
                    match.messageId(),
                    match.role(),
                    match.snippet(),
                    match.createdAt());
        }
    }

    @GET
    @Operation(summary = "Your conversations, the one used last first")
    public Page<SessionView> list(@BeanParam @Valid PageRequest page) {
        return stored.list(user.id(), page).map(SessionView::of);
    }

    @POST
    @ResponseStatus(201)
    @Operation(summary = "Begin a conversation")
    @APIResponseSchema(SessionView.class)
    @APIResponse(responseCode = "404", description = "There is no such assistant")
    public SessionView create(@Valid NewSession request) {
        UUID assistant = request.assistantId() == null
                ? assistants.defaultOf(user.id()).id()
                : assistants.of(user.id(), request.assistantId()).id();
        return SessionView.of(
                Boolean.TRUE.equals(request.ephemeral())
                        ? ephemeral.begin(user.id(), trimmed(request.title()), assistant)
                        : stored.begin(user.id(), trimmed(request.title()), assistant));
    }

    @DELETE
    @Operation(summary = "Delete all your conversations")
    public void deleteAll() {
        stored.deleteAll(user.id());
        ephemeral.deleteAll(user.id());
        answers.stopAll(user.id());
    }

    @POST
    @Path("/search")
    @Operation(summary = "Find messages of yours by their words, the newest first")
    public Page<MatchView> search(@Valid SessionSearch request) {
        return stored.search(user.id(), request.query(), request.page()).map(MatchView::of);
    }

    @GET
    @Path("/{id}")
    @Operation(summary = "A conversation")
    public SessionView get(UUID id) {
        return SessionView.of(session(id));
    }

    @PATCH
    @Path("/{id}")
    @Operation(summary = "Change the title, the assistant or the branch of a conversation")
    @APIResponseSchema(SessionView.class)
    @APIResponse(responseCode = "404", description = "There is no such conversation, assistant or message")
    public SessionView change(UUID id, @Valid SessionChange change) {
        Session session = session(id);
        if (change.assistantId() != null) {
            assistants.of(user.id(), change.assistantId());
        }
        return SessionView.of(sessions.of(session)
                .change(
                        user.id(),
                        id,
                        new Session.Change(trimmed(change.title()), change.assistantId(), change.currentMessageId())));
    }

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Delete a conversation and its messages")
    public void delete(UUID id) {
        Session session = session(id);
        if (!sessions.of(session).delete(user.id(), id)) {
            throw Problem.notFound("Session");
        }
        answers.stop(user.id(), id);
    }

    private static String trimmed(String title) {
        return title == null ? null : title.strip();
    }

    private Session session(UUID id) {
        return sessions.find(user.id(), id).orElseThrow(() -> Problem.notFound("Session"));
    }
}
