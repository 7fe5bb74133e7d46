package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Ids;
import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Signs people in on a provider's word: docs/decisions/0005-social-login.md. */
@ApplicationScoped
class SocialSignIn {

    private static final Logger LOG = Logger.getLogger(SocialSignIn.class);

    /** Time for the person to sign in there, and perhaps to find the second factor. */
    static final Duration PATIENCE = Duration.ofMinutes(10);

    private final SocialAccounts accounts;
    private final SignIn signIn;
    private final RecentSignIn recentSignIn;
    private final Audit audit;
    private final Clock clock;

    SocialSignIn(SocialAccounts accounts, SignIn signIn, RecentSignIn recentSignIn, Audit audit, Clock clock) {
        this.accounts = accounts;
        this.signIn = signIn;
        this.recentSignIn = recentSignIn;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * An attempt that was begun.
     *
     * @param cookie what the browser keeps until the answer
     * @param authorization where it goes
     */
    record Begun(String cookie, URI authorization) {}

    /** What a provider's answer came to. */
    sealed interface Outcome {

        /** Somebody is signed in. */
        record Entered(SignedIn signedIn) implements Outcome {}

        /** Somebody who was signed in before can use the provider from now on. */
        record Linked(SocialIdentity identity) implements Outcome {}
    }

    /** What a provider sent to our callback; null for what it left out. */
    record Answer(String state, String code, String error, String issuer) {}

    /**
     * Begins to sign in.
     *
     * @throws SocialRefusal 502 or 504 if the provider does not say where
     */
    Begun begin(SocialProvider provider) {
        return begin(provider, null);
    }

    /**
     * Begins to connect a provider to the account of a sign-in.
     *
     * @throws Problem 401 if the sign-in is not recent: OWASP ASVS 5.0, 7.5.1
     * @throws SocialRefusal 502 or 504 if the provider does not say where
     */
    Begun beginToLink(SocialProvider provider, UUID sessionId) {
        QuarkusTransaction.requiringNew().run(() -> recentSignIn.require(sessionId));
        return begin(provider, sessionId);
    }

    private Begun begin(SocialProvider provider, UUID sessionId) {
        var attempt = ProviderAttempt.begin();
        URI authorization = provider.authorization(attempt);
        var pending = new PendingAttempt();
        pending.id = Ids.next();
        pending.stateHash = attempt.stateHash();
        pending.provider = provider.name();
        pending.sessionId = sessionId;
        pending.expiresAt = clock.instant().plus(PATIENCE);
        QuarkusTransaction.requiringNew().run(pending::persist);
        return new Begun(attempt.cookie(), authorization);
    }

    /**
     * Acts on a provider's answer.
     *
     * @param cookie what the browser kept, null if nothing
     * @throws SocialRefusal if nothing comes of it
     * @throws Problem 401 if the account asks for a second factor
     */
    Outcome finish(SocialProvider provider, Answer answer, String cookie) {
        var type = Type.SIGN_IN;
        try {
            ProviderAttempt attempt = ProviderAttempt.of(cookie)
                    .filter(kept -> kept.began(answer.state()))
                    .orElseThrow(SocialRefusal::noSuchAttempt);
            PendingAttempt pending = QuarkusTransaction.requiringNew()
                    .call(() -> PendingAttempt.take(attempt.stateHash(), provider.name(), clock.instant()))
                    .orElseThrow(SocialRefusal::noSuchAttempt);
            type = pending.sessionId == null ? Type.SIGN_IN : Type.PROVIDER_LINKED;
            ProviderAccount account = provider.vouch(code(provider, answer), answer.issuer(), attempt);
            return pending.sessionId == null
                    ? new Outcome.Entered(signIn.admit(accounts.entered(provider, account)))
                    : new Outcome.Linked(accounts.link(provider, account, pending.sessionId));
        } catch (SocialRefusal e) {
            audit.recordAlone(SecurityEvent.failed(type, e.account(), e.slug()));
            throw e;
        }
    }

    private static String code(SocialProvider provider, Answer answer) {
        if ("access_denied".equals(answer.error())) {
            throw SocialRefusal.accessDenied();
        }
        if (answer.error() != null) {
            LOG.warnf(
                    "Sign-in provider %s answers with an error: %s",
                    provider.name(), OAuthClient.kindOf(answer.error()));
            throw SocialRefusal.providerFailed();
        }
        return Optional.ofNullable(answer.code())
                .filter(code -> !code.isEmpty())
                .orElseThrow(SocialRefusal::codeRefused);
    }
}
