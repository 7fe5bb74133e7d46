package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Problem;
import dev.customrag.http.RateLimits;
import dev.customrag.http.RateLimits.Kind;
import dev.customrag.http.RequestOrigins;
import dev.customrag.identity.SignInFailures.Counter;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Slows guessing down, of passwords and codes alike: OWASP ASVS 5.0, 6.3.1, NIST SP 800-63B-4, 3.2.2. After five failures
 * in a row an account waits a second, and twice as long after each further one, up to a quarter of an hour. It is never
 * locked for good, as that is what strangers could do to somebody.
 *
 * <p>Nor can they make somebody wait where that person is known: a network they have signed in from counts by itself, all
 * others together. Counted is the address that was typed, whether or not anybody has it, so that no account is told by
 * it. Beside that, {@link RateLimits} counts what one network guesses at all accounts.
 */
@ApplicationScoped
class SignInThrottle {

    private static final int FREE_FAILURES = 5;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(15);
    private static final Duration NETWORK_KNOWN_FOR = Duration.ofDays(90);

    /** All networks that are not known to be the person's. */
    private static final String ELSEWHERE = "";

    private final SignInFailures failures;
    private final RateLimits limits;
    private final RequestOrigins origins;
    private final Audit audit;
    private final Clock clock;

    SignInThrottle(SignInFailures failures, RateLimits limits, RequestOrigins origins, Audit audit, Clock clock) {
        this.failures = failures;
        this.limits = limits;
        this.origins = origins;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * To be asked before a password or code is looked at.
     *
     * @throws Problem 429 if none may be tried now
     */
    void check(String email) {
        limits.check(Kind.SIGN_IN_FAILURE);
        refuseIfBlocked(own(email, failures.of(email, here(), ELSEWHERE)));
    }

    /**
     * Counts a wrong password or code. Not to be called within a transaction, which may not be committed.
     *
     * @throws Problem 429 if others have failed since {@link #check}, so that this one should not have been tried, or if
     *     its network has failed too often
     */
    void failed(String email) {
        try {
            inARow(email);
        } finally {
            countForNetwork();
        }
    }

    private void inARow(String email) {
        QuarkusTransaction.disallowingExisting().run(() -> {
            String network = isKnown(email) ? here() : ELSEWHERE;
            Optional<Integer> inARow = failures.add(email, network);
            if (inARow.isEmpty()) {
                check(email);
            } else if (inARow.get() >= FREE_FAILURES) {
                failures.block(email, network, waitAfter(inARow.get()));
                // Once a wait, however many are refused until it is over.
                UUID subject = User.withEmail(email).map(user -> user.id).orElse(null);
                audit.record(SecurityEvent.failed(Type.SIGN_IN, subject, "limited"));
            }
        });
    }

    private void countForNetwork() {
        try {
            limits.count(Kind.SIGN_IN_FAILURE);
        } catch (Problem tooMany) {
            audit.recordAlone(SecurityEvent.failed(Type.SIGN_IN, null, "limited"));
            throw tooMany;
        }
    }

    /**
     * To be asked once more, in the transaction that acts upon a right password or code, so that of many guesses at the
     * same moment no more are good for anything than one after another.
     *
     * @throws Problem 429 if too many others have failed since {@link #check}
     */
    @Transactional(TxType.MANDATORY)
    void confirm(String email) {
        confirmed(email);
    }

    /**
     * Confirms, and forgets the failures: for who has shown all that is asked for. After a password that a code has yet
     * to follow it would be too early.
     *
     * @throws Problem 429 as {@link #confirm}
     */
    @Transactional(TxType.MANDATORY)
    void succeeded(String email) {
        confirmed(email).ifPresent(counter -> failures.clear(email, counter.network()));
    }

    /** Forgets the failures, whatever they came to: for who has shown in another way that the account is theirs. */
    @Transactional(TxType.MANDATORY)
    void forgive(String email) {
        failures.clear(email, here());
        failures.clear(email, ELSEWHERE);
    }

    private Optional<Counter> confirmed(String email) {
        limits.check(Kind.SIGN_IN_FAILURE);
        Optional<Counter> counter = own(email, failures.locked(email, here(), ELSEWHERE));
        refuseIfBlocked(counter);
        return counter;
    }

    /** Of the counters there are, the one that counts here. Mostly there is none, and nothing more is asked. */
    private Optional<Counter> own(String email, List<Counter> counters) {
        if (counters.isEmpty()) {
            return Optional.empty();
        }
        String network = isKnown(email) ? here() : ELSEWHERE;
        return counters.stream()
                .filter(counter -> counter.network().equals(network))
                .findFirst();
    }

    private void refuseIfBlocked(Optional<Counter> counter) {
        counter.map(own -> Duration.between(clock.instant(), own.blockedUntil()))
                .filter(Duration::isPositive)
                .ifPresent(wait -> {
                    throw Problem.tooMany(wait);
                });
    }

    private static Duration waitAfter(int failures) {
        // So many doublings are beyond the longest wait.
        Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(failures - FREE_FAILURES, 20));
        return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
    }

    private boolean isKnown(String email) {
        Instant since = clock.instant().minus(NETWORK_KNOWN_FOR);
        return !here().equals(ELSEWHERE)
                && QuarkusTransaction.joiningExisting().call(() -> SignInSession.existsFrom(here(), email, since));
    }

    private String here() {
        return origins.current().addressPrefix();
    }
}
