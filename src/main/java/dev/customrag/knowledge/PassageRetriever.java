package dev.customrag.knowledge;

import dev.customrag.knowledge.PassageIndex.Found;
import dev.customrag.model.VectorSpace;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Finds the passages that answer a question: dense and full-text search, fused, within one person's documents. */
@ApplicationScoped
public class PassageRetriever {

    /** Of whom it is remembered that their documents are of more models than the configured one. */
    private static final int MOST_REMEMBERED = 10_000;

    private final QuestionVectors questions;
    private final PassageIndex index;

    /** By owner, as of their last search. Every search says what is right now, so that being wrong costs a second one. */
    private final Map<UUID, Set<VectorSpace>> olderSpaces = Collections.synchronizedMap(new LinkedHashMap<>() {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<UUID, Set<VectorSpace>> eldest) {
            return size() > MOST_REMEMBERED;
        }
    });

    PassageRetriever(QuestionVectors questions, PassageIndex index) {
        this.questions = questions;
        this.index = index;
    }

    /**
     * The best passages for a question, best first. Documents of models before the configured one are found as well: the
     * question is embedded once for each model that the owner's documents are of.
     *
     * @throws dev.customrag.model.ModelFailure if the configured model cannot embed the question
     */
    public List<Passage> retrieve(SearchScope scope, String question, int limit) {
        Set<VectorSpace> asked = new LinkedHashSet<>();
        asked.add(questions.configured());
        asked.addAll(olderSpaces.getOrDefault(scope.owner(), Set.of()));
        var vectors = new ArrayList<>(questions.of(question, asked));
        while (true) {
            Found found = index.search(scope, vectors, question, limit);
            remember(scope.owner(), found.spaces());
            var unasked = new HashSet<>(found.spaces());
            unasked.removeAll(asked);
            asked.addAll(unasked);
            if (unasked.isEmpty() || !vectors.addAll(questions.of(question, unasked))) {
                return found.passages();
            }
        }
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
