package dev.customrag.identity;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/** What a person is shown of their own account. */
record Profile(
        UUID id,
        String email,
        String firstName,
        String lastName,
        boolean active,
        boolean emailVerified,
        Instant createdAt,
        Set<String> roles) {

    static Profile of(User user) {
        return new Profile(
                user.id,
                user.email,
                user.firstName,
                user.lastName,
                user.active,
                user.emailVerified,
                user.createdAt,
                Set.copyOf(user.roles));
    }
}
