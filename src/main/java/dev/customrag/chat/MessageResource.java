package dev.customrag.chat;

import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.smallrye.mutiny.Multi;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Questions and answers. Contract: docs/api.md, section "Models, assistants, chat". */
@Path("/sessions/{id}/messages")
@Authenticated
class MessageResource {

    private static final String WORDS = "[^\\x00\\p{Cs}]*";
    private static final String NOT_WORDS = "must be text without NUL";
    private static final int LONGEST_QUESTION = 32_000;

    private static final String STREAM =
            "Events: sources, then token as the model sends them, then done with the message; or"
                    + " error with a problem. Their ids say how much was heard, for Last-Event-ID";

    private static final String EXAMPLE = "event: token\nid: 3\ndata: {\"text\": \"Ada\"}\n\n";

    private final CurrentUser user;
    private final Conversation conversation;
    private final SessionsOf sessions;
    private final Answers answers;
    private final AnswerStream events;

    MessageResource(
            CurrentUser user, Conversation conversation, SessionsOf sessions, Answers answers, AnswerStream events) {
        this.user = user;
        this.conversation = conversation;
        this.sessions = sessions;
        this.answers = answers;
        this.events = events;
    }

    record AskRequest(
            @NotBlank @Size(max = LONGEST_QUESTION) @Pattern(regexp = WORDS, message = NOT_WORDS)
            String content,

            @Size(min = 1, max = 2048) @Pattern(regexp = WORDS, message = NOT_WORDS)
            String modelId,

            Boolean retrieval,
            Boolean background) {

        Conversation.Wishes wishes() {
            return new Conversation.Wishes(modelId, retrieval, Boolean.TRUE.equals(background));
        }
    }

    record AgainRequest(
            @Size(max = LONGEST_QUESTION)
            @Pattern(regexp = WORDS, message = NOT_WORDS)
            @Pattern(regexp = ".*\\S.*", flags = Pattern.Flag.DOTALL, message = "must not be blank")
            String content,

            @Size(min = 1, max = 2048) @Pattern(regexp = WORDS, message = NOT_WORDS)
            String modelId,

            Boolean retrieval,
            Boolean background) {

        Conversation.Wishes wishes() {
            return new Conversation.Wishes(modelId, retrieval, Boolean.TRUE.equals(background));
        }
    }

    /** Which messages a list shows. */
    @Schema(name = "MessageBranch")
    public enum Branch {
        /** All, also those that were asked or answered anew. */
        all,
        /** Those that the conversation goes on from. */
        current
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "The messages of a conversation, oldest first")
    public Page<MessageView> list(
            UUID id, @QueryParam("branch") @DefaultValue("all") Branch branch, @BeanParam @Valid PageRequest page) {
        Session session = session(id);
        Sessions where = sessions.of(session);
        Set<UUID> active = new HashSet<>(where.activeBranch(user.id(), session));
        return where.messages(user.id(), session, branch == Branch.current, page)
                .map(message -> MessageView.of(message, active.contains(message.id())));
    }

    @POST
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "Ask a question; answers as JSON, or as a stream of events, as Accept asks")
    @APIResponse(
            responseCode = "201",
            description = "The assistant's message, once it is over",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The assistant's message that is on its way, if it was asked for in the background",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "403", description = "The service has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such conversation or model")
    @APIResponse(responseCode = "409", description = "The conversation has another answer on its way")
    @APIResponse(responseCode = "429", description = "The model provider takes no more for now, or a budget is used up")
    @APIResponse(
            responseCode = "503",
            description = "The model provider is down, or the service has no valid credentials")
    @APIResponse(responseCode = "504", description = "The model provider did not answer in time")
    public RestResponse<MessageView> ask(UUID id, @Valid AskRequest request, @Context RoutingContext connection) {
        Answer answer = conversation.ask(user.id(), id, request.content(), request.wishes());
        return shown(answer, request.wishes(), connection);
    }

    @POST
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Ask a question; answers as JSON, or as a stream of events, as Accept asks")
    @APIResponse(
            responseCode = "200",
            description = STREAM,
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = SchemaType.STRING),
                            example = EXAMPLE))
    public Multi<OutboundSseEvent> stream(
            UUID id, @Valid AskRequest request, @Context Sse sse, @Context RoutingContext connection) {
        Answer answer = conversation.ask(user.id(), id, request.content(), request.wishes());
        return streamed(answer, request.wishes(), sse, connection);
    }

    @POST
    @Path("/{message_id}/regenerate")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "Answer a question again, in the same or in other words; what was said before stays")
    @APIResponse(
            responseCode = "201",
            description = "The new message of the assistant, once it is over",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(
            responseCode = "202",
            description = "The assistant's message that is on its way, if it was asked for in the background",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "403", description = "The service has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such conversation, message or model")
    @APIResponse(responseCode = "409", description = "The conversation has another answer on its way")
    @APIResponse(responseCode = "429", description = "The model provider takes no more for now, or a budget is used up")
    @APIResponse(
            responseCode = "503",
            description = "The model provider is down, or the service has no valid credentials")
    @APIResponse(responseCode = "504", description = "The model provider did not answer in time")
    public RestResponse<MessageView> regenerate(
            UUID id,
            @PathParam("message_id") UUID message,
            @Valid AgainRequest request,
            @Context RoutingContext connection) {
        Answer answer = conversation.again(user.id(), id, message, request.content(), request.wishes());
        return shown(answer, request.wishes(), connection);
    }

    @POST
    @Path("/{message_id}/regenerate")
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "Answer a question again, in the same or in other words; what was said before stays")
    @APIResponse(
            responseCode = "200",
            description = STREAM,
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = SchemaType.STRING),
                            example = EXAMPLE))
    public Multi<OutboundSseEvent> regenerateStream(
            UUID id,
            @PathParam("message_id") UUID message,
            @Valid AgainRequest request,
            @Context Sse sse,
            @Context RoutingContext connection) {
        Answer answer = conversation.again(user.id(), id, message, request.content(), request.wishes());
        return streamed(answer, request.wishes(), sse, connection);
    }

    @GET
    @Path("/{message_id}")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "A message; one that is on its way as JSON as far as it is, or as the stream that goes on")
    @APIResponse(
            responseCode = "200",
            description = "The message",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    public MessageView get(UUID id, @PathParam("message_id") UUID message) {
        return view(session(id), message);
    }

    @GET
    @Path("/{message_id}")
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "A message; one that is on its way as JSON as far as it is, or as the stream that goes on")
    @APIResponse(
            responseCode = "200",
            description = STREAM,
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = SchemaType.STRING),
                            example = EXAMPLE))
    public Multi<OutboundSseEvent> follow(
            UUID id,
            @PathParam("message_id") UUID message,
            @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) String lastEventId,
            @Context Sse sse) {
        return follow(session(id), message, lastEventId, sse);
    }

    @GET
    @Path("/current")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "The answer that is on its way, as JSON as far as it is, or as the stream that goes on")
    @APIResponse(
            responseCode = "200",
            description = "The message",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = MessageView.class)))
    @APIResponse(responseCode = "404", description = "There is no such conversation, or no answer on its way in it")
    public MessageView current(UUID id) {
        Session session = session(id);
        return view(session, running(session));
    }

    @GET
    @Path("/current")
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.5")
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @Blocking
    @Operation(summary = "The answer that is on its way, as JSON as far as it is, or as the stream that goes on")
    @APIResponse(
            responseCode = "200",
            description = STREAM,
            content =
                    @Content(
                            mediaType = "text/event-stream",
                            schema = @Schema(type = SchemaType.STRING),
                            example = EXAMPLE))
    public Multi<OutboundSseEvent> followCurrent(
            UUID id, @HeaderParam(HttpHeaders.LAST_EVENT_ID_HEADER) String lastEventId, @Context Sse sse) {
        Session session = session(id);
        return follow(session, running(session), lastEventId, sse);
    }

    @DELETE
    @Path("/current")
    @RunOnVirtualThread
    @Operation(summary = "Stop the answer that is on its way; what there is of it is kept")
    @APIResponse(responseCode = "204", description = "It ends within a second")
    @APIResponse(responseCode = "404", description = "There is no such conversation, or no answer on its way in it")
    public void stop(UUID id) {
        Session session = session(id);
        if (!answers.stop(user.id(), session.id())) {
            throw noAnswer();
        }
    }

    @GET
    @Path("/{message_id}/trace")
    @Produces(MediaType.APPLICATION_JSON)
    @RunOnVirtualThread
    @Operation(summary = "How an answer came about")
    public Trace trace(UUID id, @PathParam("message_id") UUID message) {
        Session session = session(id);
        return sessions.of(session)
                .trace(user.id(), session.id(), message)
                .orElseThrow(() -> Problem.notFound("Trace"));
    }

    private Multi<OutboundSseEvent> follow(Session session, UUID message, String lastEventId, Sse sse) {
        Message known = message(session, message);
        if (known.role() != Message.Role.ASSISTANT) {
            throw Problem.notFound("Answer");
        }
        Sessions where = sessions.of(session);
        // Asked for later, when the request is over.
        UUID owner = user.id();
        return events.of(
                answers.follow(
                        owner,
                        message,
                        AnswerStream.heard(lastEventId),
                        each -> where.message(owner, session.id(), each)),
                sse);
    }

    private UUID running(Session session) {
        return answers.in(user.id(), session.id()).orElseThrow(MessageResource::noAnswer);
    }

    private static Problem noAnswer() {
        return Problem.notFound("Answer on its way");
    }

    private MessageView view(Session session, UUID id) {
        Message message = message(session, id);
        if (message.isOver()) {
            return MessageView.of(message);
        }
        // If it is over by now, it is kept.
        return MessageView.of(answers.content(user.id(), id).map(message::soFar).orElseGet(() -> message(session, id)));
    }

    private Multi<OutboundSseEvent> streamed(
            Answer answer, Conversation.Wishes wishes, Sse sse, RoutingContext connection) {
        stopIfGone(answer, wishes, connection);
        return events.of(answer.follow(Optional.empty()), sse);
    }

    /** Whoever left before the answer began is not heard leaving any more. */
    private static void stopIfGone(Answer answer, Conversation.Wishes wishes, RoutingContext connection) {
        if (connection.response().closed() && !wishes.inBackground()) {
            answer.stop();
        }
    }

    /** The answer when it is over, or as it begins if it is made in the background. */
    private RestResponse<MessageView> shown(Answer answer, Conversation.Wishes wishes, RoutingContext connection) {
        if (wishes.inBackground()) {
            return RestResponse.status(RestResponse.Status.ACCEPTED, view(session(answer.session()), answer.id()));
        }
        CompletableFuture<AnswerEvent> last =
                answer.follow(Optional.empty()).collect().last().subscribeAsCompletionStage();
        // A client that is gone listens no more.
        connection.addEndHandler(closed -> last.cancel(false));
        stopIfGone(answer, wishes, connection);
        return switch (last.join()) {
            case AnswerEvent.Done(Message message) ->
                RestResponse.status(RestResponse.Status.CREATED, MessageView.of(message));
            case AnswerEvent.Failed failed -> throw failed.problem();
            case AnswerEvent other -> throw new IllegalStateException("An answer has no end");
        };
    }

    private Session session(UUID id) {
        return sessions.find(user.id(), id).orElseThrow(() -> Problem.notFound("Session"));
    }

    private Message message(Session session, UUID id) {
        return sessions.of(session).message(user.id(), session.id(), id).orElseThrow(() -> Problem.notFound("Message"));
    }
}
