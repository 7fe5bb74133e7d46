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
     * The unit-length vectors of passages, in the order given. A provider that throttles is waited for, however long it
     * takes: interrupt the thread to give up. Calls of the whole process share a limit that adapts to the throttling.
     *
     * @throws ModelFailure if the provider fails after its retries, or the thread is interrupted
     */
    List<float[]> embedPassages(List<String> passages);

    /**
     * The unit-length vector of a question. Never waits behind passages.
     *
     * @throws ModelFailure if the provider fails after its retries
     */
    float[] embedQuestion(String question);
}
