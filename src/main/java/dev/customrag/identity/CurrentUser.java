package dev.customrag.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who is asking: all that other rooms learn of identity. */
@ApplicationScoped
public class CurrentUser {

    /** The role of who has signed in, in person, and of no program with an API key: for {@code @RolesAllowed}. */
    public static final String SIGNED_IN = Roles.SIGNED_IN;

    /** The role of administrators, and of programs with a key of theirs: for {@code @RolesAllowed}. */
    public static final String ADMIN = Roles.ADMIN;

    private final SecurityIdentity identity;
    private final SessionCheck sessions;
    private final ApiKeyCheck keys;

    CurrentUser(SecurityIdentity identity, SessionCheck sessions, ApiKeyCheck keys) {
        this.identity = identity;
        this.sessions = sessions;
        this.keys = keys;
    }

    /**
     * The id of the person who asks, or for whom a program does. Only to be called where the endpoint asks for
     * authentication.
     */
    public UUID id() {
        return UUID.fromString(identity.getPrincipal().getName());
    }

    /** The sign-in this request belongs to. Only where {@link #SIGNED_IN} is asked for. */
    public UUID sessionId() {
        return UUID.fromString(((JsonWebToken) identity.getPrincipal()).getClaim(TokenVerifier.SESSION));
    }

    /**
     * Asks anew whether the sign-in of this request stands, or the API key it came with: for answers that outlive the check
     * at their beginning. May be asked when the request is over; asks the database, and so blocks.
     */
    public BooleanSupplier stillSignedIn() {
        return switch (identity.getPrincipal()) {
            case JsonWebToken token -> () -> sessions.stands(token);
            case ApiKeyCheck.Program program -> () -> keys.stands(program.keyId());
            default -> throw new IllegalStateException("Nobody is signed in");
        };
    }
}
