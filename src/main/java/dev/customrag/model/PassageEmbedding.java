package dev.customrag.model;

import java.util.List;

/** Turns text into vectors of one length. Questions and passages may be treated differently, as some models ask for. */
public interface PassageEmbedding {

    /** The name stored with each vector; vectors of different names are never compared. */
    String modelId();

    /** The length of every vector. */
    int dimensions();

    /** How many passages one call of {@link #embedPassages} should carry. */
    int batchSize();

    /**
     * The unit-length vectors of passages, in the order given.
     *
     * @throws ModelFailure if the provider fails after its retries
     */
    List<float[]> embedPassages(List<String> passages);

    /**
     * The unit-length vector of a question.
     *
     * @throws ModelFailure if the provider fails after its retries
     */
    float[] embedQuestion(String question);
}
