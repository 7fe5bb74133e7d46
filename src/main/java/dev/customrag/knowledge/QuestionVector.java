package dev.customrag.knowledge;

import dev.customrag.model.VectorSpace;

/**
 * A question as one of the models in use sees it.
 *
 * @param space whose passages it can be compared with
 * @param vector of the space's length
 */
record QuestionVector(VectorSpace space, float[] vector) {}
