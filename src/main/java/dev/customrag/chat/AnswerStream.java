package dev.customrag.chat;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An answer as a stream of events (WHATWG HTML, "Server-sent events"), numbered, with a sign of life in silence. */
@ApplicationScoped
class AnswerStream {

    private final Duration signOfLife;

    AnswerStream(ChatConfig config) {
        this.signOfLife = config.signOfLife();
    }

    /** The passages the model was given, each with its whole text as the quote. */
    @RegisterForReflection
    record SourcesView(List<Citation> citations) {}

    /** The next piece of an answer. */
    @RegisterForReflection
    record TokenView(String text) {}

    /** The answer, over and stored. */
    @RegisterForReflection
    record DoneView(MessageView message) {}

    /** The number of the last event a client heard; empty if it heard none, or none of ours. */
    static Optional<Long> heard(String lastEventId) {
        try {
            return Optional.ofNullable(lastEventId)
                    .map(String::strip)
                    .map(Long::parseLong)
                    .filter(number -> number >= 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Each event as it happens. */
    Multi<OutboundSseEvent> of(Multi<AnswerEvent> events, Sse sse) {
        OutboundSseEvent end = sse.newEventBuilder().comment("").build();
        Multi<OutboundSseEvent> told = events.map(event -> view(sse, event));
        Multi<OutboundSseEvent> signs = Multi.createFrom()
                .ticks()
                .startingAfter(signOfLife)
                .every(signOfLife)
                .onOverflow()
                .drop()
                .map(tick -> sse.newEventBuilder().comment("").build());
        // The end comes as an event, in its turn: a completion would leave the signs, a failure overtakes what waits.
        return Multi.createBy()
                .merging()
                .streams(told.onCompletion().continueWith(end), signs)
                .select()
                .first(event -> event != end);
    }

    private static OutboundSseEvent view(Sse sse, AnswerEvent event) {
        OutboundSseEvent.Builder view = sse.newEventBuilder().id(String.valueOf(event.number()));
        return switch (event) {
            case AnswerEvent.Sources(List<Citation> citations) ->
                view.name("sources")
                        .data(SourcesView.class, new SourcesView(citations))
                        .build();
            case AnswerEvent.Token(long number, String text) ->
                view.name("token").data(TokenView.class, new TokenView(text)).build();
            case AnswerEvent.Done done ->
                view.name("done")
                        .data(DoneView.class, new DoneView(MessageView.of(done.message())))
                        .build();
            case AnswerEvent.Failed failed ->
                view.name("error").data(Map.class, failed.problem().body()).build();
        };
    }
}
