package dev.customrag.identity;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
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

    /** What {@link #of(ResultSet)} reads, of the users called {@code person}. */
    static final String COLUMNS = "person.id, person.email, person.first_name, person.last_name, person.is_active,"
            + " person.email_verified, person.created_at, person.roles";

    /** The person of a row that has {@link #COLUMNS}. */
    static Profile of(ResultSet row) throws SQLException {
        return new Profile(
                row.getObject("id", UUID.class),
                row.getString("email"),
                row.getString("first_name"),
                row.getString("last_name"),
                row.getBoolean("is_active"),
                row.getBoolean("email_verified"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                Set.of((String[]) row.getArray("roles").getArray()));
    }

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
