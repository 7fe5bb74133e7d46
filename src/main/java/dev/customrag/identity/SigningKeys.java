package dev.customrag.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.lang.JoseException;

/**
 * The keys behind the tokens. RS256, because every request verifies a token and few sign one, and RSA verifies an order
 * of magnitude faster than ECDSA. A key is named by its thumbprint (RFC 7638), so that two can be told apart while one
 * replaces the other. Read early in the start: a service that can let nobody in should not begin to work.
 */
@Startup(1)
@ApplicationScoped
class SigningKeys {

    /** NIST SP 800-131A: the least RSA modulus still acceptable for signatures. */
    private static final int MINIMUM_BITS = 2048;

    private static final String HOW_TO_MAKE_ONE = "Make one with:"
            + " openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out signing-key.pem"
            + " and set IDENTITY_SIGNING_KEY_FILE to its path, or IDENTITY_SIGNING_KEY to its text.";

    private final PrivateKey signing;
    private final RsaJsonWebKey verifying;

    @Inject
    SigningKeys(IdentityConfig config) {
        this(config, LaunchMode.current());
    }

    SigningKeys(IdentityConfig config, LaunchMode mode) {
        RSAPrivateCrtKey key = configured(config).orElseGet(() -> generated(mode));
        signing = key;
        verifying = publicHalf(key);
    }

    /** The key that signs new tokens. */
    PrivateKey signing() {
        return signing;
    }

    /** The name of {@link #signing}, for the header of what it signs. */
    String signingId() {
        return verifying.getKeyId();
    }

    /** The public key of that name, if it is one of ours. */
    Optional<RSAPublicKey> verifying(String id) {
        return Optional.of(verifying).filter(key -> key.getKeyId().equals(id)).map(RsaJsonWebKey::getRsaPublicKey);
    }

    /** The public keys as a JSON Web Key Set (RFC 7517, section 5). */
    Map<String, Object> published() {
        return Map.of("keys", List.of(verifying.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY)));
    }

    private static Optional<RSAPrivateCrtKey> configured(IdentityConfig config) {
        return config.signingKey()
                .map(text -> strong(PrivateKeyPem.decode(text, "identity.signing-key")))
                .or(() -> config.signingKeyFile().map(file -> {
                    try {
                        return strong(PrivateKeyPem.decode(Files.readString(file), "identity.signing-key-file"));
                    } catch (IOException e) {
                        throw new ConfigurationException("identity.signing-key-file cannot be read: " + file);
                    }
                }));
    }

    private static RSAPrivateCrtKey strong(RSAPrivateCrtKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MINIMUM_BITS) {
            throw new ConfigurationException(
                    "The signing key has " + bits + " bits, fewer than " + MINIMUM_BITS + ". " + HOW_TO_MAKE_ONE);
        }
        return key;
    }

    private static RSAPrivateCrtKey generated(LaunchMode mode) {
        return switch (mode) {
            case NORMAL, RUN -> throw new ConfigurationException("No key to sign tokens with. " + HOW_TO_MAKE_ONE);
            case DEVELOPMENT -> DevelopmentKey.keptOrNew();
            case TEST -> PrivateKeyPem.generate(MINIMUM_BITS);
        };
    }

    private static RsaJsonWebKey publicHalf(RSAPrivateCrtKey key) {
        try {
            var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
            var jwk = (RsaJsonWebKey) PublicJsonWebKey.Factory.newPublicJwk(
                    KeyFactory.getInstance("RSA").generatePublic(spec));
            jwk.setKeyId(jwk.calculateBase64urlEncodedThumbprint("SHA-256"));
            jwk.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            jwk.setUse("sig");
            return jwk;
        } catch (GeneralSecurityException | JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
