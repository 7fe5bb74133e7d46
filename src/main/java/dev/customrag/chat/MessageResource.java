package dev.customrag.chat;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.Map;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Questions and answers. Contract: docs/api.md, section "Models, assistants, chat". */
@Path("/sessions/{id}/messages")
@Authenticated
class MessageResource {

    private final CurrentUser user;
    private final Conversation conversation;

    MessageResource(CurrentUser user, Conversation conversation) {
        this.user = user;
        this.conversation = conversation;
    }

    record AskRequest(
            @NotBlank @Size(max = 32_000) @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must be text without NUL")
            String content,

            @Size(min = 1, max = 2048) String modelId,
            Boolean retrieval) {

        Conversation.Question in(UUID owner, UUID session) {
            return new Conversation.Question(owner, session, content, modelId, !Boolean.FALSE.equals(retrieval));
        }
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    public Page<MessageView> list(UUID id, @BeanParam @Valid PageRequest page) {
        return ChatMessage.list(ChatSession.of(user.id(), id), page).map(MessageView::of);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON + ";qs=1")
    @ResponseStatus(201)
    @RunOnVirtualThread
    public MessageView ask(UUID id, @Valid AskRequest request) {
        return conversation
                .ask(request.in(user.id(), id))
                .filter(AnswerEvent.Done.class::isInstance)
                .collect()
                .last()
                .map(event -> ((AnswerEvent.Done) event).message())
                .await()
                .indefinitely();
    }

    @POST
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    public Multi<OutboundSseEvent> stream(UUID id, @Valid AskRequest request, @Context Sse sse) {
        return conversation
                .ask(request.in(user.id(), id))
                .map(event -> switch (event) {
                    case AnswerEvent.Sources sources -> event(sse, "sources", sources);
                    case AnswerEvent.Token token -> event(sse, "token", token);
                    case AnswerEvent.Done done -> event(sse, "done", done);
                })
                .onFailure(Problem.class)
                .recoverWithItem(failure -> event(sse, "error", ((Problem) failure).body()));
    }

    private static OutboundSseEvent event(Sse sse, String name, Object data) {
        return sse.newEventBuilder()
                .name(name)
                .data(data instanceof Map<?, ?> ? Map.class : data.getClass(), data)
                .build();
    }
}
