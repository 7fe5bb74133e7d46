package dev.customrag.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.lang.JoseException;

/**
 * The keys behind the tokens: one signs, and it and any number of others verify, so that a key can be replaced while
 * tokens of the one before are still good. RS256, because every request verifies a token and few sign one, and RSA
 * verifies an order of magnitude faster than ECDSA. A key is named by its thumbprint (RFC 7638): the same key has one
 * name wherever it is configured, and no two share one. Read early in the start: a service that can let nobody in should
 * not begin to work.
 *
 * <p>In production every key has to be given, and none may be one whose private half others have: the key of a
 * developer's machine ({@link DevelopmentKey#isOne}) or an example ({@link PublishedKeys}).
 */
@Startup(1)
@ApplicationScoped
class SigningKeys {

    /** NIST SP 800-131A: the least RSA modulus still acceptable for signatures. */
    private static final int MINIMUM_BITS = 2048;

    private static final String HOW_TO_MAKE_ONE =
            "Make one with: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out signing-key.pem";

    private final LaunchMode mode;
    private final PrivateKey signing;
    private final String signingId;
    private final Map<String, RsaJsonWebKey> verifying = new LinkedHashMap<>();

    @Inject
    SigningKeys(IdentityConfig config) {
        this(config, LaunchMode.current());
    }

    SigningKeys(IdentityConfig config, LaunchMode mode) {
        this.mode = mode;
        Optional<Pem> pem = signingPem(config);
        RSAPrivateCrtKey key =
                pem.map(it -> PrivateKeyPem.decode(it.text(), it.source())).orElseGet(() -> generated(mode));
        signing = key;
        signingId = add(PrivateKeyPem.publicHalf(key), pem.map(Pem::source).orElse("The generated key"));
        verificationPems(config).forEach(other -> PublicKeyPem.decodeAll(other.text(), other.source())
                .forEach(publicKey -> add(publicKey, other.source())));
    }

    /** The key that signs new tokens. */
    PrivateKey signing() {
        return signing;
    }

    /** The name of {@link #signing}, for the header of what it signs. */
    String signingId() {
        return signingId;
    }

    /** The public key of that name, if it is one of ours. */
    Optional<RSAPublicKey> verifying(String id) {
        return Optional.ofNullable(verifying.get(id)).map(RsaJsonWebKey::getRsaPublicKey);
    }

    /** The public keys as a JSON Web Key Set (RFC 7517, section 5), first that of {@link #signing}. */
    Map<String, Object> published() {
        return Map.of(
                "keys",
                verifying.values().stream()
                        .map(key -> key.toParams(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                        .toList());
    }

    /**
     * The text of a key or of several.
     *
     * @param source where it was configured
     */
    private record Pem(String text, String source) {

        static Pem of(Path file, String key) {
            String source = key + " (" + file + ")";
            try {
                return new Pem(Files.readString(file), source);
            } catch (IOException e) {
                throw new ConfigurationException(source + " cannot be read as a text file. " + HOW_TO_MAKE_ONE);
            }
        }
    }

    private static Optional<Pem> signingPem(IdentityConfig config) {
        return config.signingKey()
                .map(text -> new Pem(text, "identity.signing-key"))
                .or(() -> config.signingKeyFile().map(file -> Pem.of(file, "identity.signing-key-file")));
    }

    private static Stream<Pem> verificationPems(IdentityConfig config) {
        return Stream.concat(
                config.verificationKeys().map(text -> new Pem(text, "identity.verification-keys")).stream(),
                config.verificationKeyFiles().stream()
                        .flatMap(List::stream)
                        .map(file -> Pem.of(file, "identity.verification-key-files")));
    }

    private static RSAPrivateCrtKey generated(LaunchMode mode) {
        return switch (mode) {
            case NORMAL, RUN ->
                throw new ConfigurationException("No key to sign tokens with. " + HOW_TO_MAKE_ONE
                        + " and set IDENTITY_SIGNING_KEY_FILE to its path, or IDENTITY_SIGNING_KEY to its text.");
            case DEVELOPMENT -> DevelopmentKey.keptOrNew();
            case TEST -> PrivateKeyPem.generate(MINIMUM_BITS);
        };
    }

    /** Takes a key into those that verify, and gives its name. */
    private String add(RSAPublicKey key, String source) {
        int bits = key.getModulus().bitLength();
        if (bits < MINIMUM_BITS) {
            throw new ConfigurationException(
                    source + ": a key of " + bits + " bits, fewer than " + MINIMUM_BITS + ". " + HOW_TO_MAKE_ONE);
        }
        RsaJsonWebKey named = named(key);
        if (mode.isProduction() && (DevelopmentKey.isOne(key) || PublishedKeys.contain(named.getKeyId()))) {
            throw new ConfigurationException(source + ": a key made for development or taken from an example,"
                    + " with which others can sign. " + HOW_TO_MAKE_ONE);
        }
        verifying.putIfAbsent(named.getKeyId(), named);
        return named.getKeyId();
    }

    private static RsaJsonWebKey named(RSAPublicKey key) {
        try {
            var jwk = (RsaJsonWebKey) PublicJsonWebKey.Factory.newPublicJwk(key);
            jwk.setKeyId(jwk.calculateBase64urlEncodedThumbprint("SHA-256"));
            jwk.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            jwk.setUse("sig");
            return jwk;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
