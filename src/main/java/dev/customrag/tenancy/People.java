package dev.customrag.tenancy;

import java.util.Collection;
import java.util.Map;
import java.util.UUID;

/** Who people are, for what administrators are shown of them beside their accounts. */
public interface People {

    /** What an administrator knows somebody by. */
    record Person(UUID id, String email, String firstName, String lastName, boolean active) {}

    /** Those of these that have an account, by their ids. */
    Map<UUID, Person> of(Collection<UUID> ids);
}
