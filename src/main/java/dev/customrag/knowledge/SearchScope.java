package dev.customrag.knowledge;

import java.util.Set;
import java.util.UUID;

/**
 * Which passages a search may see.
 *
 * @param owner whose
 * @param documents only of these documents; empty for all of the owner's
 */
public record SearchScope(UUID owner, Set<UUID> documents) {

    /** Everything of one person. */
    public static SearchScope all(UUID owner) {
        return new SearchScope(owner, Set.of());
    }
}
