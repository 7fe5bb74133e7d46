package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an account has in a Region, as its lists said it at one time.
 *
 * @param models on offer, in order
 * @param chat those of them that answer questions, by id
 * @param forbidden ids of chat models that are there but not allowed
 * @param reaches of every model and profile of the lists, on offer or not, by id, and by ARN where it has one too
 */
record Inventory(
        List<ModelDescription> models, Map<String, Offer> chat, Set<String> forbidden, Map<String, Reach> reaches) {}
