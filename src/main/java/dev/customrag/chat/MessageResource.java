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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
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
    @Operation(summary = "The messages of a conversation, oldest first")
    public Page<MessageView> list(UUID id, @BeanParam @Valid PageRequest page) {
        return ChatMessage.list(ChatSession.of(user.id(), id), page).map(MessageView::of);
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON + ";qs=1")
    @ResponseStatus(201)
    @RunOnVirtualThread
    @Operation(summary = "Ask a question; answers as JSON, or as a stream of events, as Accept asks")
    @APIResponse(
            responseCode = "201",
            description = "The assistant's message, once it is complete",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "403", description = "The service has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such conversation or model")
    @APIResponse(responseCode = "429", description = "The model provider takes no more for now")
    @APIResponse(
            responseCode = "503",
            description = "The model provider is down, or the service has no valid credentials")
    @APIResponse(responseCode = "504", description = "The model provider did not answer in time")
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
    @Operation(summary = "Ask a question; answers as JSON, or as a stream of events, as Accept asks")
    @APIResponse(
            responseCode = "200",
            description =
                    "Events: sources, then token as the model sends them, then done with the message; or error with a problem",
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = SchemaType.STRING),
                            example = "event: token\ndata: {\"text\": \"Ada\"}\n\n"))
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
