package dev.customrag.model;

import java.util.Optional;

/** What models cost: known to the room that counts what they take. */
public interface ModelPrices {

    /** The price of a model; empty if the operator has configured none. */
    Optional<ModelPrice> priceOf(String modelId);
}
