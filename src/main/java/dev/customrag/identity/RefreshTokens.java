package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * Refresh tokens: one token, one use. Whoever comes with a spent one may be a thief, or the person a thief was faster
 * than, so that the whole sign-in ends: RFC 9700, section 4.14.2. Two honest cases look the same and are told apart:
 *
 * <ul>
 *   <li>Tabs that refresh at the same moment: for the reuse interval a spent token answers with its successor. Nothing
 *       but hashes is stored, but a signature over the same claims is the same token (RSASSA-PKCS1-v1_5 has no chance in
 *       it: RFC 8017, section 8.2.1).
 *   <li>An answer that got lost: the token before the current one gets a replacement for the latter, which so is spent.
 *       If it was no loss but a theft, that one's owner comes with it, and the session ends. Never twice in a row.
 * </ul>
 */
@ApplicationScoped
class RefreshTokens {

    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final SignInSessions sessions;
    private final SessionLimits limits;
    private final Mails mails;
    private final Audit audit;
    private final IdentityConfig config;
    private final Clock clock;

    RefreshTokens(
            TokenIssuer issuer,
            TokenVerifier verifier,
            SignInSessions sessions,
            SessionLimits limits,
            Mails mails,
            Audit audit,
            IdentityConfig config,
            Clock clock) {
        this.issuer = issuer;
        this.verifier = verifier;
        this.sessions = sessions;
        this.limits = limits;
        this.mails = mails;
        this.audit = audit;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Begins a session with its first pair of tokens.
     *
     * @param how the person showed who they are, as a constant for the record
     */
    @Transactional
    SignedIn begin(User user, String how) {
        SignInSession session = sessions.begin(user);
        audit.record(SecurityEvent.succeeded(Type.SIGN_IN, user.id).because(how).in(session.id));
        return pair(session, issue(session, false));
    }

    /**
     * Spends a token and issues its successor in the same session.
     *
     * @throws Refused if it is none of ours, out of date, spent (the session has ended by then), or its session or
     *     person may not go on
     */
    @Transactional(dontRollbackOn = Refused.class)
    SignedIn rotate(String token) {
        RefreshToken presented = standing(token, Type.REFRESH).orElseThrow(Refused::new);
        SignInSession session = presented.session;
        Instant now = clock.instant();
        Optional<TokenIssuer.Issued> successor = successor(presented, now);
        if (successor.isEmpty()) {
            endForReuse(session, now);
            throw new Refused();
        }
        session.lastUsedAt = now;
        audit.record(SecurityEvent.succeeded(Type.REFRESH, session.user.id).in(session.id));
        return pair(session, successor.get());
    }

    /**
     * Ends the session of a token.
     *
     * @throws Unusable if it could not have been refreshed either
     */
    @Transactional(dontRollbackOn = Unusable.class)
    void end(String token) {
        RefreshToken presented = standing(token, Type.SIGN_OUT).orElseThrow(Unusable::new);
        Instant now = clock.instant();
        if (presented.spentAt != null
                && !justSpent(presented, now)
                && lost(presented).isEmpty()) {
            endForReuse(presented.session, now);
            throw new Unusable();
        }
        presented.session.endedAt = now;
        audit.record(SecurityEvent.succeeded(Type.SIGN_OUT, presented.session.user.id)
                .in(presented.session.id));
    }

    /**
     * The token's row, of a session that stands and that nobody else works on until the transaction ends. Where a token
     * that we signed is no longer good, that is recorded: somebody still has it.
     *
     * @param attempted what does not come about then
     */
    private Optional<RefreshToken> standing(String text, Type attempted) {
        Token token;
        try {
            token = verifier.verify(text, Token.Type.REFRESH);
        } catch (TokenRefused e) {
            e.expired().ifPresent(expired -> recordRefusal(attempted, expired, "expired-token"));
            return Optional.empty();
        }
        Instant now = clock.instant();
        Optional<SignInSession> session = SignInSession.locked(token.sessionId());
        Optional<String> obstacle = obstacle(session, now);
        Optional<RefreshToken> row = obstacle.isPresent()
                ? Optional.empty()
                : RefreshToken.<RefreshToken>findByIdOptional(token.id())
                        .filter(found -> found.session.id.equals(token.sessionId()))
                        .filter(found -> found.expiresAt.isAfter(now))
                        .filter(found -> MessageDigest.isEqual(found.tokenHash, Sha256.of(text)));
        if (row.isEmpty()) {
            recordRefusal(attempted, token, obstacle.orElse("unknown-token"));
        }
        return row;
    }

    /** Why a session may not go on, as a constant for the record; empty if it may. */
    private Optional<String> obstacle(Optional<SignInSession> session, Instant now) {
        if (session.isEmpty() || session.get().endedAt != null) {
            return Optional.of("ended-session");
        }
        if (!session.get().user.active) {
            return Optional.of("inactive-account");
        }
        return limits.allow(session.get(), now) ? Optional.empty() : Optional.of("expired-session");
    }

    private void recordRefusal(Type attempted, Token token, String reason) {
        audit.record(SecurityEvent.failed(attempted, token.userId(), reason).in(token.sessionId()));
    }

    /** What to answer a token with; empty if somebody has come with it who should not. */
    private Optional<TokenIssuer.Issued> successor(RefreshToken presented, Instant now) {
        if (presented.spentAt == null) {
            return Optional.of(spend(presented, issue(presented.session, false), now));
        }
        if (justSpent(presented, now)) {
            return presented.successor().map(this::again);
        }
        return lost(presented).map(lost -> {
            TokenIssuer.Issued replacement = issue(presented.session, true);
            spend(lost, replacement, now);
            return spend(presented, replacement, now);
        });
    }

    /** The successor of a spent token, if it seems that its answer never arrived. */
    private static Optional<RefreshToken> lost(RefreshToken spent) {
        return spent.successor().filter(token -> token.spentAt == null && !token.replacement);
    }

    private boolean justSpent(RefreshToken token, Instant now) {
        return token.spentAt.plus(config.refreshReuseInterval()).isAfter(now);
    }

    private static TokenIssuer.Issued spend(RefreshToken token, TokenIssuer.Issued successor, Instant now) {
        token.spentAt = now;
        token.successorId = successor.id();
        return successor;
    }

    private void endForReuse(SignInSession session, Instant now) {
        session.endedAt = now;
        audit.record(SecurityEvent.failed(Type.REFRESH_TOKEN_REUSE, session.user.id, "spent-token")
                .in(session.id));
        mails.send(Mail.SIGN_IN_ENDED, session.user.id, session.id);
    }

    private TokenIssuer.Issued issue(SignInSession session, boolean replacement) {
        TokenIssuer.Issued issued = issuer.refresh(session);
        var row = new RefreshToken();
        row.id = issued.id();
        row.session = session;
        row.tokenHash = Sha256.of(issued.text());
        row.issuedAt = issued.issuedAt();
        row.expiresAt = issued.expiresAt();
        row.replacement = replacement;
        row.persist();
        return issued;
    }

    /** The token of a row once more. */
    private TokenIssuer.Issued again(RefreshToken row) {
        TokenIssuer.Issued same = issuer.refreshAgain(row);
        // Differs only if another key has begun to sign in the meantime.
        row.tokenHash = Sha256.of(same.text());
        return same;
    }

    private SignedIn pair(SignInSession session, TokenIssuer.Issued refresh) {
        TokenIssuer.Issued access = issuer.access(session);
        return new SignedIn(access.text(), refresh.text(), access.lifetime(), refresh.lifetime());
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
