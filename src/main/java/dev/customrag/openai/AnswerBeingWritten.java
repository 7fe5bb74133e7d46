package dev.customrag.openai;

import dev.customrag.chat.Citation;
import dev.customrag.chat.CompletionEvent;
import dev.customrag.chat.CompletionEvent.Done;
import dev.customrag.chat.CompletionEvent.Sources;
import dev.customrag.chat.CompletionEvent.Token;
import java.util.List;
import java.util.regex.Pattern;

/** The answer to one request while it comes about, in OpenAI's words: its texts, and then how it ended. */
final class AnswerBeingWritten {

    private final StopTexts stops;
    private final StringBuilder content = new StringBuilder();
    private List<Citation> citations = List.of();
    private String finishReason;
    private ChatCompletion.Usage usage;

    /** @param stops before which texts it ends */
    AnswerBeingWritten(List<String> stops) {
        this.stops = new StopTexts(stops);
    }

    /** What an event adds to the text; may be empty. */
    String add(CompletionEvent event) {
        String added =
                switch (event) {
                    case Sources sources -> {
                        citations = sources.citations();
                        yield "";
                    }
                    case Token token -> stops.pass(token.text());
                    case Done done -> {
                        citations = done.citations();
                        finishReason = ChatCompletion.finishReason(done.stopReason());
                        usage = ChatCompletion.Usage.of(done.tokens());
                        yield stops.rest();
                    }
                };
        content.append(added);
        if (stops.met() && finishReason == null) {
            finishReason = "stop";
            citations = citations.stream()
                    .filter(citation -> isCited(citation.number()))
                    .toList();
        }
        return added;
    }

    /** By itself, or in a group such as {@code [1, 3]}. */
    private boolean isCited(int number) {
        return Pattern.compile("\\[(?:\\d+ ?, ?)*" + number + "(?: ?, ?\\d+)*]")
                .matcher(content)
                .find();
    }

    /** Whether nothing more is to come. */
    boolean isOver() {
        return finishReason != null;
    }

    String content() {
        return content.toString();
    }

    /** When it is over, what its marks mean. */
    List<Citation> citations() {
        return citations;
    }

    /** Null until it is over. */
    String finishReason() {
        return finishReason;
    }

    /** Null until it is over, and where nobody has counted. */
    ChatCompletion.Usage usage() {
        return usage;
    }
}
