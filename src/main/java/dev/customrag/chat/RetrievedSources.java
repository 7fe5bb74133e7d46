package dev.customrag.chat;

import dev.customrag.knowledge.Passage;
import dev.customrag.knowledge.PassageRetriever;
import dev.customrag.knowledge.Retrieved;
import dev.customrag.knowledge.ScoredPassage;
import dev.customrag.knowledge.SearchScope;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.NumberedSources;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.rag.DefaultRetrievalAugmentor;
import dev.langchain4j.rag.RetrievalAugmentor;
import dev.langchain4j.rag.content.Content;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** The sources of one question: finds them, numbers them in the prompt of the AI service, and remembers them. */
final class RetrievedSources {

    private final PassageRetriever retriever;
    private final SearchScope scope;
    private final List<Turn> earlier;
    private final int limit;
    private Retrieved found;
    private String question;

    /**
     * @param earlier the turns before the question, oldest first
     */
    RetrievedSources(PassageRetriever retriever, SearchScope scope, List<Turn> earlier, int limit) {
        this.retriever = retriever;
        this.scope = scope;
        this.earlier = earlier;
        this.limit = limit;
    }

    /**
     * Searches for what answers a question, which may take long; {@link #remember} what comes of it.
     *
     * @param standingAlone the question in words that say it without the turns before
     * @throws dev.customrag.model.ModelFailure if the question cannot be embedded
     */
    Retrieved search(String standingAlone) {
        return retriever.retrieve(scope, standingAlone, earlier, limit);
    }

    /** These are the sources. */
    void remember(String searchedFor, Retrieved retrieved) {
        question = searchedFor;
        found = retrieved;
    }

    /** Puts what was found into what the AI service sends. */
    RetrievalAugmentor augmentor() {
        return DefaultRetrievalAugmentor.builder()
                .contentRetriever(query -> contents())
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
        return scored().stream().map(ScoredPassage::passage).toList();
    }

    /** What was searched for; null if nothing was. */
    String question() {
        return question;
    }

    /** Whether there was something to find, and nothing of it similar enough to the question. */
    boolean nothingFits() {
        return found != null && found.anythingThere() && found.passages().isEmpty();
    }

    /** The greatest cosine of a passage with the question; null if nothing was searched for, or none has one. */
    Double bestSimilarity() {
        return found == null ? null : found.bestSimilarity();
    }

    /** How similar a passage had to be; null if nothing was searched for. */
    Double threshold() {
        return found == null ? null : found.threshold();
    }

    /** The passages, as a trace names them. */
    List<Trace.TracedPassage> traced() {
        List<ScoredPassage> scored = scored();
        return IntStream.range(0, scored.size())
                .mapToObj(i -> traced(i + 1, scored.get(i)))
                .toList();
    }

    private List<ScoredPassage> scored() {
        return found == null ? List.of() : found.passages();
    }

    private static Trace.TracedPassage traced(int number, ScoredPassage scored) {
        Passage passage = scored.passage();
        return new Trace.TracedPassage(
                number,
                passage.id(),
                passage.documentId(),
                passage.filename(),
                passage.page(),
                passage.heading(),
                passage.start(),
                passage.end(),
                scored.similarity(),
                scored.relevance(),
                passage.score());
    }

    private List<Content> contents() {
        return passages().stream().map(passage -> Content.from(passage.text())).toList();
    }

    private UserMessage inject(UserMessage asked) {
        List<Passage> passages = passages();
        List<NumberedSources.Source> sources = IntStream.range(0, passages.size())
                .mapToObj(i -> new NumberedSources.Source(
                        i + 1, name(passages.get(i)), passages.get(i).text()))
                .toList();
        return UserMessage.from(NumberedSources.write(asked.singleText(), sources));
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
