package dev.customrag.identity;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** Who is asking: all that other rooms learn of identity. */
@ApplicationScoped
public class CurrentUser {

    private final SecurityIdentity identity;

    CurrentUser(SecurityIdentity identity) {
        this.identity = identity;
    }

    /** The id of the signed-in person. Only to be called where the endpoint asks for authentication. */
    public UUID id() {
        return UUID.fromString(identity.getPrincipal().getName());
    }
}
