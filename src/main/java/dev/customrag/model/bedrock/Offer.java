package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;

/**
 * A chat model of the account.
 *
 * @param foundationModel the model that answers in the end, whose access and agreement count; null for imported ones
 */
record Offer(ModelDescription description, String foundationModel, Reach reach) {

    String id() {
        return description.id();
    }
}
