package dev.customrag.chat;

import dev.customrag.knowledge.Passage;
import dev.customrag.knowledge.PassageRetriever;
import dev.customrag.knowledge.SearchScope;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.NumberedSources;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.query.Query;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/** The sources of one question: retrieves them for the AI service, numbers them in the prompt, and remembers them. */
final class RetrievedSources {

    private final PassageRetriever retriever;
    private final SearchScope scope;
    private final List<Turn> earlier;
    private final Function<String, String> rewriting;
    private final int limit;
    private List<Passage> passages = List.of();

    /**
     * @param earlier the turns before the question, oldest first
     * @param rewriting the question in words that stand alone, or as it is
     */
    RetrievedSources(
            PassageRetriever retriever,
            SearchScope scope,
            List<Turn> earlier,
            Function<String, String> rewriting,
            int limit) {
        this.retriever = retriever;
        this.scope = scope;
        this.earlier = earlier;
        this.rewriting = rewriting;
        this.limit = limit;
    }

    /** What the AI service calls with the question. */
    RetrievalAugmentor augmentor() {
        return DefaultRetrievalAugmentor.builder()
                .contentRetriever(this::retrieve)
                // The order of retrieval is the numbering; there is one query and one retriever, nothing to fuse.
                .contentAggregator(found -> found.values().stream()
                        .flatMap(Collection::stream)
                        .flatMap(List::stream)
                        .toList())
                .contentInjector((contents, message) -> inject((UserMessage) message))
                .executor(Runnable::run)
                .build();
    }

    /** The passages given to the model, source {@code [n]} at index {@code n - 1}. */
    List<Passage> passages() {
        return passages;
    }

    private List<Content> retrieve(Query query) {
        passages = retriever.retrieve(scope, rewriting.apply(query.text()), earlier, limit);
        return passages.stream().map(passage -> Content.from(passage.text())).toList();
    }

    private UserMessage inject(UserMessage question) {
        List<NumberedSources.Source> sources = IntStream.range(0, passages.size())
                .mapToObj(i -> new NumberedSources.Source(
                        i + 1, name(passages.get(i)), passages.get(i).text()))
                .toList();
        return UserMessage.from(NumberedSources.write(question.singleText(), sources));
    }

    private static String name(Passage passage) {
        var parts = new ArrayList<String>();
        parts.add(passage.filename());
        if (passage.page() != null) {
            parts.add("page " + passage.page());
        }
        if (passage.heading() != null) {
            parts.add(passage.heading());
        }
        return String.join(", ", parts);
    }
}
