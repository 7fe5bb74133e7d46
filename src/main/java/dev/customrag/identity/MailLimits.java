package dev.customrag.identity;

import dev.customrag.http.Problem;
import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Locale;
import java.util.UUID;

/** Keeps anybody from having somebody flooded with mail. */
@ApplicationScoped
class MailLimits {

    private final RateLimits limits;

    MailLimits(RateLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts a request that would write to an address somebody typed. False if so many of that kind went there lately that
     * this one is better not sent: who asked is not told, or they would learn what others ask for. Kinds count apart, or a
     * stranger could use up what a forgotten password needs. Not to be called within a transaction.
     *
     * @throws Problem 429 if too many come from one network
     */
    boolean allow(Mail mail, String email) {
        limits.count(Kind.MAIL_REQUEST);
        // By the account, so that writing the address another way is of no use.
        String recipient = QuarkusTransaction.requiringNew()
                .call(() -> User.idOf(email))
                .map(UUID::toString)
                .orElseGet(() -> email.toLowerCase(Locale.ROOT));
        return limits.allows(Kind.MAIL, mail + " " + recipient);
    }
}
