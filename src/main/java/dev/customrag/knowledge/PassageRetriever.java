package dev.customrag.knowledge;

import dev.customrag.knowledge.PassageIndex.Found;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.VectorSpace;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/**
 * Finds the passages that answer a question: dense and full-text search, fused, within one person's documents. Documents
 * of embedding models before the configured one are found as well: the question is embedded once for each model that the
 * person's documents are of.
 */
@ApplicationScoped
public class PassageRetriever {

    /** Of whom it is remembered that their documents are of more models than the configured one. */
    private static final int MOST_REMEMBERED = 10_000;

    private final ModelProvider models;
    private final QuestionVectors questions;
    private final PassageIndex index;
    private final RetrievalConfig config;

    /** By owner, as of their last search. Every search says what is right now, so that being wrong costs a second one. */
    private final Map<UUID, Set<VectorSpace>> olderSpaces = Collections.synchronizedMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Set<VectorSpace>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    PassageRetriever(ModelProvider models, QuestionVectors questions, PassageIndex index, RetrievalConfig config) {
        this.models = models;
        this.questions = questions;
        this.index = index;
        this.config = config;
    }

    /**
     * The best passages for a question, best first.
     *
     * @throws dev.customrag.model.ModelFailure if the configured model cannot embed the question
     * @throws dev.customrag.http.Problem 429 if a budget of the owner is used up
     */
    public List<Passage> retrieve(SearchScope scope, String question, int limit) {
        return Hits.results(hits(scope, SearchTexts.of(question), limit), limit, config.joined()).stream()
                .map(ScoredPassage::passage)
                .toList();
    }

    /**
     * What a question of a conversation is to be answered from.
     *
     * @param earlier the turns before it, oldest first
     * @throws dev.customrag.model.ModelFailure if the configured model cannot embed the question
     * @throws dev.customrag.http.Problem 429 if a budget of the owner is used up
     */
    public Retrieved retrieve(SearchScope scope, String question, List<Turn> earlier, int limit) {
        List<Hit> hits = hits(scope, SearchTexts.of(question, earlier), limit);
        double threshold = config.leastSimilarity().orElseGet(models.embedding()::leastSimilarity);
        return new Retrieved(
                isAnswerable(hits, threshold) ? Hits.results(hits, limit, config.joined()) : List.of(),
                !hits.isEmpty(),
                hits.stream()
                        .map(Hit::similarity)
                        .filter(Objects::nonNull)
                        .max(Comparator.naturalOrder())
                        .orElse(null),
                threshold);
    }

    private List<Hit> hits(SearchScope scope, SearchTexts texts, int limit) {
        Set<VectorSpace> asked = new LinkedHashSet<>();
        asked.add(questions.configured());
        asked.addAll(olderSpaces.getOrDefault(scope.owner(), Set.of()));
        var vectors = new ArrayList<>(questions.of(scope.owner(), texts.forVectors(), asked));
        while (true) {
            Found found = index.search(scope, vectors, texts.forWords(), limit);
            remember(scope.owner(), found.spaces());
            var unasked = new HashSet<>(found.spaces());
            unasked.removeAll(asked);
            asked.addAll(unasked);
            if (unasked.isEmpty() || !vectors.addAll(questions.of(scope.owner(), texts.forVectors(), unasked))) {
                return found.hits();
            }
        }
    }

    /** Passages without a vector of the configured model are not judged by it: nothing speaks against them. */
    private static boolean isAnswerable(List<Hit> hits, double threshold) {
        return hits.stream().anyMatch(hit -> hit.similarity() == null || hit.similarity() >= threshold);
    }

    private void remember(UUID owner, Set<VectorSpace> spaces) {
        var older = new HashSet<>(spaces);
        older.remove(questions.configured());
        if (older.isEmpty()) {
            olderSpaces.remove(owner);
        } else {
            olderSpaces.put(owner, older);
        }
    }
}
