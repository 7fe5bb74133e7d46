package dev.customrag.openai;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.assistant.Assistant;
import dev.customrag.chat.Completions;
import dev.customrag.http.Ids;
import dev.customrag.http.OpenAiErrors;
import dev.customrag.http.Problem;
import dev.customrag.identity.CurrentUser;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;

/**
 * Chat completions as OpenAI's API has them ("Create chat completion"), by a person's assistants. Nothing is stored.
 * Contract: docs/api.md, section OpenAI-compatible.
 */
@Path("/v1/chat/completions")
@Authenticated
@RunOnVirtualThread
class CompletionResource {

    private final CurrentUser user;
    private final AssistantModels models;
    private final Completions completions;
    private final ObjectMapper json;
    private final Clock clock;

    CompletionResource(
            CurrentUser user, AssistantModels models, Completions completions, ObjectMapper json, Clock clock) {
        this.user = user;
        this.models = models;
        this.completions = completions;
        this.json = json;
        this.clock = clock;
    }

    /** The body alone says whether to stream: OpenAI's clients ask for JSON by {@code Accept} in either case. */
    @POST
    @Produces({MediaType.APPLICATION_JSON, MediaType.SERVER_SENT_EVENTS})
    @Operation(summary = "Answer the last message of a conversation, as OpenAI's API does")
    @APIResponse(
            responseCode = "200",
            description = "The answer; where stream is true, a stream of events with chunks of it",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ChatCompletion.class)))
    @APIResponse(responseCode = "403", description = "The service has no access to the model")
    @APIResponse(responseCode = "404", description = "There is no such assistant, or its model is gone")
    @APIResponse(responseCode = "429", description = "The model provider takes no more for now, or a budget is used up")
    @APIResponse(
            responseCode = "503",
            description = "The model provider is down, or the service has no valid credentials")
    @APIResponse(responseCode = "504", description = "The model provider did not answer in time")
    public Response complete(@Valid CompletionRequest request, RoutingContext context) {
        UUID owner = user.id();
        List<Completions.Said> conversation = request.conversation();
        var answer = new AnswerBeingWritten(request.stops());
        Assistant assistant = models.named(owner, request.model());
        var heard = new HeardCompletion(
                completions.complete(owner, assistant, conversation, request.generation(assistant)));
        context.addEndHandler(ended -> heard.close());
        if (context.response().closed()) {
            heard.close();
        }
        String id = "chatcmpl-" + Ids.next();
        return request.streams()
                ? stream(heard, answer, new Chunks(id, created(), assistant.id(), request.includesUsage()))
                : whole(heard, answer, id, assistant.id());
    }

    private long created() {
        return clock.instant().getEpochSecond();
    }

    private Response whole(HeardCompletion heard, AnswerBeingWritten answer, String id, UUID assistant) {
        try (heard) {
            while (!answer.isOver()) {
                answer.add(heard.next());
            }
        }
        return Response.ok(
                        new ChatCompletion(
                                id,
                                "chat.completion",
                                created(),
                                assistant.toString(),
                                List.of(new ChatCompletion.Choice(
                                        0,
                                        new ChatCompletion.Message("assistant", answer.content(), null),
                                        null,
                                        answer.finishReason())),
                                answer.usage(),
                                answer.citations()),
                        MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** The first text is waited for, so that what fails before it has a status of its own. */
    private Response stream(HeardCompletion heard, AnswerBeingWritten answer, Chunks chunks) {
        String first = next(heard, answer);
        StreamingOutput events = out -> {
            try {
                write(out, heard, answer, chunks, first);
            } catch (IOException e) {
                // The client is gone, which is no fault of ours; thrown on, it would be logged as one.
                heard.close();
            }
        };
        return Response.ok(events, MediaType.SERVER_SENT_EVENTS_TYPE).build();
    }

    private void write(OutputStream out, HeardCompletion heard, AnswerBeingWritten answer, Chunks chunks, String first)
            throws IOException {
        try (heard) {
            write(out, chunks.beginning());
            write(out, chunks.text(first));
            while (!answer.isOver()) {
                write(out, chunks.text(next(heard, answer)));
            }
            write(out, chunks.ending(answer));
            write(out, chunks.usage(answer));
            out.write("data: [DONE]\n\n".getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (Problem problem) {
            write(out, List.of(OpenAiErrors.body(problem)));
        }
    }

    /** The next text there is; empty only when the answer is over. */
    private static String next(HeardCompletion heard, AnswerBeingWritten answer) {
        String text = "";
        while (text.isEmpty() && !answer.isOver()) {
            text = answer.add(heard.next());
        }
        return text;
    }

    /** Events without names, as OpenAI's are. */
    private void write(OutputStream out, List<?> chunks) throws IOException {
        for (Object chunk : chunks) {
            out.write(("data: " + json.writeValueAsString(chunk) + "\n\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
