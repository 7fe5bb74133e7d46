package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.Principal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;

/**
 * Who is behind an API key. A revoked or expired one, or one whose person is not active, is refused on the very next
 * request. What nobody made is not recorded: whoever makes keys up could fill the record with them.
 */
@ApplicationScoped
class ApiKeyCheck implements IdentityProvider<ApiKeyCheck.Presented> {

    /** How exactly it is known when a key was last used, and how often it is recorded that it was refused. */
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private static final String KEY = "SELECT key.id AS key_id, revoked_at, expires_at, last_used_at, refused_at, "
            + Profile.COLUMNS + " FROM api_keys key JOIN users person ON person.id = key.user_id WHERE ";

    /** A look-up in the unique index of hashes, and one by primary key. */
    private static final String BY_HASH = KEY + "key.key_hash = ?";

    private static final String BY_ID = KEY + "key.id = ?";

    /** Of many at the same moment one writes, and none waits for it. */
    private static final String NOTE_USE = """
            UPDATE api_keys SET last_used_at = ? WHERE id = (
                SELECT id FROM api_keys WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)
                FOR UPDATE SKIP LOCKED)
            """;

    private static final String NOTE_REFUSAL = """
            UPDATE api_keys SET refused_at = ? WHERE id = (
                SELECT id FROM api_keys WHERE id = ? AND (refused_at IS NULL OR refused_at <= ?)
                FOR UPDATE SKIP LOCKED)
            """;

    private final DataSource database;
    private final Audit audit;
    private final Clock clock;

    ApiKeyCheck(DataSource database, Audit audit, Clock clock) {
        this.database = database;
        this.audit = audit;
        this.clock = clock;
    }

    /** A request that came with that key. */
    static final class Presented extends BaseAuthenticationRequest {

        private final KeyText key;

        Presented(KeyText key) {
            this.key = key;
        }
    }

    /** A person, for whom a program asks. */
    record Program(UUID userId, UUID keyId) implements Principal {

        @Override
        public String getName() {
            return userId.toString();
        }
    }

    @Override
    public Class<Presented> getRequestType() {
        return Presented.class;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(Presented request, AuthenticationRequestContext context) {
        return context.runBlocking(() -> identified(request.key));
    }

    /** Whether a key is still good. */
    boolean stands(UUID keyId) {
        return find(BY_ID, keyId).flatMap(key -> key.flaw(clock.instant())).isEmpty();
    }

    private SecurityIdentity identified(KeyText text) {
        Known key = find(BY_HASH, text.hash()).orElseThrow(AuthenticationFailedException::new);
        Instant now = clock.instant();
        Optional<String> flaw = key.flaw(now);
        if (flaw.isPresent()) {
            if (isDue(key.refusedAt(), now)) {
                recordRefusal(key, flaw.get(), now);
            }
            throw new AuthenticationFailedException();
        }
        if (isDue(key.lastUsedAt(), now)) {
            note(NOTE_USE, key.id(), now);
        }
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new Program(key.owner().id(), key.id()))
                .addRoles(key.owner().roles())
                .addAttribute(SessionCheck.PROFILE, key.owner())
                .build();
    }

    private static boolean isDue(Instant lastNoted, Instant now) {
        return lastNoted == null || !lastNoted.isAfter(now.minus(NOTED_EVERY));
    }

    private void recordRefusal(Known key, String flaw, Instant now) {
        QuarkusTransaction.requiringNew().run(() -> {
            if (note(NOTE_REFUSAL, key.id(), now)) {
                audit.record(SecurityEvent.failed(Type.API_KEY_USE, key.owner().id(), flaw)
                        .about(key.id()));
            }
        });
    }

    /** Writes the time to a key's row. False if somebody else has done so a moment ago, or does so now. */
    private boolean note(String update, UUID keyId, Instant now) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(update)) {
            statement.setObject(1, now.atOffset(ZoneOffset.UTC));
            statement.setObject(2, keyId);
            statement.setObject(3, now.minus(NOTED_EVERY).atOffset(ZoneOffset.UTC));
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot note the use of a key", e);
        }
    }

    private Optional<Known> find(String query, Object by) {
        try (var connection = database.getConnection();
                var statement = connection.prepareStatement(query)) {
            statement.setObject(1, by);
            try (var row = statement.executeQuery()) {
                return row.next() ? Optional.of(Known.of(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot check a key", e);
        }
    }

    private record Known(
            UUID id, Instant revokedAt, Instant expiresAt, Instant lastUsedAt, Instant refusedAt, Profile owner) {

        static Known of(ResultSet row) throws SQLException {
            return new Known(
                    row.getObject("key_id", UUID.class),
                    time(row, "revoked_at"),
                    time(row, "expires_at"),
                    time(row, "last_used_at"),
                    time(row, "refused_at"),
                    Profile.of(row));
        }

        /** Why it is no longer good, as a constant for the record; empty if it is. */
        Optional<String> flaw(Instant now) {
            if (revokedAt != null) {
                return Optional.of("revoked");
            }
            if (expiresAt != null && !expiresAt.isAfter(now)) {
                return Optional.of("expired");
            }
            return owner.active() ? Optional.empty() : Optional.of("inactive-account");
        }

        private static Instant time(ResultSet row, String column) throws SQLException {
            var time = row.getObject(column, OffsetDateTime.class);
            return time == null ? null : time.toInstant();
        }
    }
}
