package dev.customrag.identity;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.ResponseHeader;

/**
 * The public keys, for others who want to verify our tokens: RFC 8414, section 2, {@code jwks_uri}. Any cache may keep
 * them for five minutes: the shortest time that a new key is published before it signs, docs/operations.md.
 */
@Path("/.well-known/jwks.json")
class JwksResource {

    private final SigningKeys keys;

    JwksResource(SigningKeys keys) {
        this.keys = keys;
    }

    @GET
    @PermitAll
    @ResponseHeader(name = "Cache-Control", value = "public, max-age=300")
    @Operation(summary = "The public keys that tokens are verified with")
    public Map<String, Object> keys() {
        return keys.published();
    }
}
