package dev.customrag.model;

import java.util.List;

/** Turns text into vectors of one length. Questions and passages may be treated differently, as some models ask for. */
public interface PassageEmbedding {

    /** The name stored with each vector. It carries the model's version: a new version of a model has a new name. */
    String modelId();

    /** The length of every vector. */
    int dimensions();

    /** Whose vectors may be compared with those made here; stored with each of them. */
    default VectorSpace space() {
        return new VectorSpace(modelId(), dimensions());
    }

    /** How many passages one call of {@link #embedPassages} should carry. */
    int batchSize();

    /**
     * The unit-length vectors of passages, in the order given. A provider that throttles is waited for, for minutes:
     * interrupt the thread to give up. Calls of the whole process share a limit that adapts to the throttling.
     *
     * @throws ModelFailure if the provider fails after its retries, or the thread is interrupted
     */
    Embeddings embedPassages(List<String> passages);

    /**
     * The unit-length vectors of questions, or of several forms of one, in the order given. Never waits behind passages.
     *
     * @throws ModelFailure if the provider fails after its retries
     */
    Embeddings embedQuestions(List<String> questions);

    /** As {@link #embedQuestions}, of one question. */
    default float[] embedQuestion(String question) {
        return embedQuestions(List.of(question)).vectors().getFirst();
    }

    /**
     * The cosine below which a passage hardly ever answers a question, from measurements; -1 where there are none. Models
     * differ in this as in nothing else.
     */
    default double leastSimilarity() {
        return -1;
    }
}
