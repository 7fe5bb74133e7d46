package dev.customrag.identity;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One try to sign in through a provider. Only the browser that began it keeps its secret, in a cookie; state, nonce and
 * PKCE verifier follow from it, so that nothing we store or send through the provider is enough to finish it elsewhere:
 * RFC 9700, sections 2.1.1 and 4.7.
 */
final class ProviderAttempt {

    private static final int SECRET_BYTES = 32;

    private final byte[] secret;

    private ProviderAttempt(byte[] secret) {
        this.secret = secret;
    }

    static ProviderAttempt begin() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new ProviderAttempt(secret);
    }

    /** The attempt whose cookie this is; empty for no cookie and for what is none of ours. */
    static Optional<ProviderAttempt> of(String cookie) {
        if (cookie == null) {
            return Optional.empty();
        }
        try {
            byte[] secret = Base64.getUrlDecoder().decode(cookie);
            return secret.length == SECRET_BYTES ? Optional.of(new ProviderAttempt(secret)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** What the browser keeps. */
    String cookie() {
        return text(secret);
    }

    /** What the provider returns with its answer: RFC 6749, section 10.12. */
    String state() {
        return derived("state");
    }

    /** Whether an answer is one to this attempt. */
    boolean began(String state) {
        return state != null
                && MessageDigest.isEqual(
                        state.getBytes(StandardCharsets.UTF_8), state().getBytes(StandardCharsets.UTF_8));
    }

    /** What the ID token has to repeat: OpenID Connect Core 1.0, section 3.1.2.1. */
    String nonce() {
        return derived("nonce");
    }

    /** What redeems the code: RFC 7636, section 4.1. */
    String codeVerifier() {
        return derived("code_verifier");
    }

    /** The S256 challenge for {@link #codeVerifier}. */
    String codeChallenge() {
        return text(Sha256.of(codeVerifier()));
    }

    /** What is stored to know the state again, once. */
    byte[] stateHash() {
        return Sha256.of(state());
    }

    private String derived(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return text(mac.doFinal(purpose.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
