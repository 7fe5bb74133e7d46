package dev.customrag.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who is asking: all that other rooms learn of identity. */
@ApplicationScoped
public class CurrentUser {

    private final SecurityIdentity identity;
    private final SessionCheck sessions;

    CurrentUser(SecurityIdentity identity, SessionCheck sessions) {
        this.identity = identity;
        this.sessions = sessions;
    }

    /** The id of the signed-in person. Only to be called where the endpoint asks for authentication. */
    public UUID id() {
        return UUID.fromString(identity.getPrincipal().getName());
    }

    /** The sign-in this request belongs to. Only where {@link Roles#SIGNED_IN} is asked for. */
    UUID sessionId() {
        return UUID.fromString(((JsonWebToken) identity.getPrincipal()).getClaim(TokenVerifier.SESSION));
    }

    /**
     * Asks anew whether the sign-in of this request stands: for answers that outlive the check at their beginning. May be
     * asked when the request is over; asks the database, and so blocks.
     */
    public BooleanSupplier stillSignedIn() {
        var token = (JsonWebToken) identity.getPrincipal();
        return () -> sessions.stands(token);
    }
}
