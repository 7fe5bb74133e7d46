package dev.customrag.identity;

import dev.customrag.http.Ids;
import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/**
 * Refresh tokens: one token, one use. Whoever comes with a spent one may be a thief, or the person a thief was faster
 * than, so that the whole sign-in ends: RFC 9700, section 4.14.2.
 */
@ApplicationScoped
class RefreshTokens {

    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final Clock clock;

    RefreshTokens(TokenIssuer issuer, TokenVerifier verifier, Clock clock) {
        this.issuer = issuer;
        this.verifier = verifier;
        this.clock = clock;
    }

    /** Begins a session with its first pair of tokens. */
    @Transactional
    SignedIn begin(User user) {
        var session = new SignInSession();
        session.id = Ids.next();
        session.user = user;
        session.createdAt = clock.instant();
        session.lastUsedAt = session.createdAt;
        session.persist();
        return issue(session);
    }

    /**
     * Spends a token and issues its successor in the same session.
     *
     * @throws Refused if it is none of ours, out of date, spent (the session has ended by then), or its session or
     *     person may not go on
     */
    @Transactional(dontRollbackOn = Refused.class)
    SignedIn rotate(String token) {
        RefreshToken current = usable(token).orElseThrow(Refused::new);
        if (!SignInSession.use(current.session.id, clock.instant())) {
            throw new Refused();
        }
        return issue(current.session);
    }

    /**
     * Ends the session of a token.
     *
     * @throws Unusable if it could not have been refreshed either
     */
    @Transactional(dontRollbackOn = Unusable.class)
    void end(String token) {
        RefreshToken current = usable(token).orElseThrow(Unusable::new);
        if (!SignInSession.end(current.session.id, clock.instant())) {
            throw new Unusable();
        }
    }

    /** Ends all sessions of a person. */
    @Transactional
    void endAll(UUID userId) {
        SignInSession.endAll(userId, clock.instant());
    }

    /** The token's row, spent by this call. */
    private Optional<RefreshToken> usable(String text) {
        if (!isOurs(text)) {
            return Optional.empty();
        }
        Optional<RefreshToken> standing = RefreshToken.withHash(hash(text))
                .filter(token -> token.session.endedAt == null)
                .filter(token -> token.session.user.active)
                .filter(token -> token.expiresAt.isAfter(clock.instant()));
        if (standing.isPresent() && !RefreshToken.spend(standing.get().id, clock.instant())) {
            SignInSession.end(standing.get().session.id, clock.instant());
            return Optional.empty();
        }
        return standing;
    }

    private boolean isOurs(String text) {
        try {
            verifier.verify(text, Token.Type.REFRESH);
            return true;
        } catch (TokenRefused e) {
            return false;
        }
    }

    private SignedIn issue(SignInSession session) {
        TokenIssuer.Issued access = issuer.access(session.user.id, session.id);
        TokenIssuer.Issued refresh = issuer.refresh(session.user.id, session.id);
        var row = new RefreshToken();
        row.id = refresh.id();
        row.session = session;
        row.tokenHash = hash(refresh.text());
        row.issuedAt = refresh.issuedAt();
        row.expiresAt = refresh.expiresAt();
        row.persist();
        return new SignedIn(access.text(), refresh.text(), access.lifetime(), refresh.lifetime());
    }

    private static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A refresh that is not allowed; it says no more than that. */
    static class Refused extends Problem {

        private static final long serialVersionUID = 1L;

        Refused() {
            super(401, "invalid-refresh-token", "Unauthorized", "Invalid or expired refresh token");
            header("WWW-Authenticate", "Bearer");
        }
    }

    /** A logout with nothing to end. */
    static class Unusable extends Problem {

        private static final long serialVersionUID = 1L;

        Unusable() {
            super(400, "invalid-refresh-token", "Bad request", "Invalid refresh token");
        }
    }
}
