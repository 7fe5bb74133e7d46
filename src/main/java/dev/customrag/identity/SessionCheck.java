package dev.customrag.identity;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.SecurityIdentityAugmentor;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.eclipse.microprofile.jwt.JsonWebToken;

/**
 * Refuses an access token whose sign-in has ended or whose person is not active, on the very next request and on every
 * endpoint: OWASP ASVS 5.0, 7.4.1 and 7.4.2.
 */
@ApplicationScoped
class SessionCheck implements SecurityIdentityAugmentor {

    /** The attribute of the identity that holds the {@link Profile}: the row is read anyway, nobody need read it again. */
    static final String PROFILE = "profile";

    /** Two look-ups by primary key. */
    private static final String STANDS = "SELECT " + Profile.COLUMNS + """
             FROM sign_in_sessions session JOIN users person ON person.id = session.user_id
            WHERE session.id = ? AND person.id = ? AND session.ended_at IS NULL AND person.is_active
            """;

    private final DataSource database;

    SessionCheck(DataSource database) {
        this.database = database;
    }

    @Override
    public Uni<SecurityIdentity> augment(SecurityIdentity identity, AuthenticationRequestContext context) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token)) {
            return Uni.createFrom().item(identity);
        }
        return context.runBlocking(
                () -> signedIn(token, standing(token).orElseThrow(AuthenticationFailedException::new)));
    }

    /** The roles are those of now; what the token says of them is up to half an hour old. */
    private static SecurityIdentity signedIn(JsonWebToken token, Profile profile) {
        var identity = QuarkusSecurityIdentity.builder()
                .setPrincipal(token)
                .addRoles(profile.roles())
                .addRole(Roles.SIGNED_IN)
                .addAttribute(PROFILE, profile);
        if (profile.roles().contains(Roles.ADMIN)) {
            identity.addRole(Roles.SIGNED_IN_ADMIN);
        }
        return identity.build();
    }

    /** Whether the sign-in a token came from is still good. */
    boolean stands(JsonWebToken token) {
        return standing(token).isPresent();
    }

    private Optional<Profile> standing(JsonWebToken token) {
        try (var connection = database.getConnection();
                var query = connection.prepareStatement(STANDS)) {
            query.setObject(1, UUID.fromString(token.getClaim(TokenVerifier.SESSION)));
            query.setObject(2, UUID.fromString(token.getSubject()));
            try (var row = query.executeQuery()) {
                return row.next() ? Optional.of(Profile.of(row)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("Cannot check a session", e);
        }
    }
}
