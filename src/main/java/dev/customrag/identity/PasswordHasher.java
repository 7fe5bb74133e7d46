package dev.customrag.identity;

import dev.customrag.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes passwords with bcrypt on as many threads as there are cores. It is slow by design, so that a burst of logins
 * would otherwise take the cores from everybody else; beyond a short queue it is refused at once instead.
 *
 * <p>What is hashed and compared is always the {@linkplain #normalised normalised} text. Elytron's bcrypt hashes no other
 * either, so there are no hashes of text as it was typed.
 */
@Startup
@ApplicationScoped
class PasswordHasher {

    /** Longer ones are not truncated but refused: bcrypt reads no further. Counted after normalisation. */
    static final int MAXIMUM_BYTES = 72;

    /** OWASP's password storage sheet. */
    private static final int LOWEST_COST = 10;

    private final int cost;
    private final ThreadPoolExecutor pool;
    private final Timer hashing;
    private final String nobodys;

    PasswordHasher(IdentityConfig config, MeterRegistry metrics) {
        cost = config.bcryptCost();
        int cores = Runtime.getRuntime().availableProcessors();
        pool = new ThreadPoolExecutor(
                cores,
                cores,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(config.hashingQueue()),
                Thread.ofPlatform().name("password-hashing-", 0).daemon().factory());
        hashing = metrics.timer("identity.password.hashing");
        metrics.gaugeCollectionSize("identity.password.queue", Tags.empty(), pool.getQueue());
        nobodys = BcryptUtil.bcryptHash("", cost);
    }

    void check(@Observes StartupEvent event) {
        refuseIfCheap(cost, LaunchMode.current());
    }

    /** @throws ConfigurationException if a stolen table of such hashes were of too much use */
    static void refuseIfCheap(int cost, LaunchMode mode) {
        if (cost < LOWEST_COST && !mode.isDevOrTest()) {
            throw new ConfigurationException("identity.bcrypt-cost is " + cost
                    + ", which is for tests: leave it out, or set " + LOWEST_COST + " or more");
        }
    }

    @PreDestroy
    void close() {
        // Nobody would ever answer those who wait for these.
        pool.shutdownNow().forEach(waiting -> ((Future<?>) waiting).cancel(false));
    }

    /**
     * The text that stands for a password however the keyboard composed it: NIST SP 800-63B, 3.1.1.2, which asks for
     * NFKC before hashing. Lengths are those of this text.
     */
    static String normalised(String password) {
        return Normalizer.normalize(password, Normalizer.Form.NFKC);
    }

    /**
     * Whether bcrypt tells this normalised text from every other: it reads 72 bytes, and NUL begins the key anew, so that
     * one and two of the same look alike. Half a surrogate pair would be hashed as a question mark.
     */
    static boolean isHashable(String text) {
        return bytes(text) <= MAXIMUM_BYTES
                && text.indexOf(0) < 0
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Asks, before anything else is done for who comes with a password, whether it could be looked at. In a storm that is
     * all there is time for.
     *
     * @throws Problem 503 if too many wait already
     */
    void refuseIfFull() {
        if (pool.getQueue().remainingCapacity() == 0) {
            throw busy();
        }
    }

    /**
     * The hash to store, as {@code $2a$} text with its cost and salt.
     *
     * @throws Problem 503 if too many wait already
     */
    String hash(String password) {
        String text = normalised(password);
        if (!isHashable(text)) {
            throw new IllegalArgumentException("Not a password that bcrypt reads as it is");
        }
        try {
            return run(() -> hashed(text));
        } catch (RejectedExecutionException e) {
            throw busy();
        }
    }

    /** Whether a stored hash cost less than is asked for now. */
    boolean isOutdated(String hash) {
        return costOf(hash) < cost;
    }

    /**
     * The hash to store in place of an {@linkplain #isOutdated outdated} one. None if too many wait already: the person
     * has signed in by then, and the next time will do.
     */
    Optional<String> rehash(String password) {
        String text = normalised(password);
        try {
            return Optional.of(run(() -> hashed(text)));
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a password is the one that was hashed. With null, where there is no account or none with a password, it is
     * not. That takes the same time whatever the password is compared with and whatever comes of it: OWASP ASVS 5.0,
     * 6.3.8. Only a hash of a higher cost than the configured one takes longer.
     *
     * @throws Problem 503 if too many wait already
     */
    boolean matches(String password, String hash) {
        String text = normalised(password);
        String known = hash == null ? nobodys : ours(hash);
        try {
            return run(() -> hashing.recordCallable(() -> {
                boolean same = BcryptUtil.matches(text, known);
                // Each cost takes twice the time of the one below: those from a lower one on add up to the configured.
                for (int lower = costOf(known); lower < cost; lower++) {
                    BcryptUtil.bcryptHash(text, lower);
                }
                return same && hash != null && isHashable(text);
            }));
        } catch (RejectedExecutionException e) {
            throw busy();
        }
    }

    private String hashed(String text) throws Exception {
        return hashing.recordCallable(() -> BcryptUtil.bcryptHash(text, cost));
    }

    /** Hashes that came with imported accounts: other names of the same function, which Elytron does not all know. */
    private static String ours(String hash) {
        return hash.startsWith("$2b$") || hash.startsWith("$2y$") ? "$2a$" + hash.substring(4) : hash;
    }

    private static int costOf(String hash) {
        return Integer.parseInt(hash.substring(4, 6));
    }

    private static Problem busy() {
        return new Problem(503, "busy", "Service unavailable", "Too many people are signing in. Try again shortly.")
                .header(HttpHeaders.RETRY_AFTER, "5");
    }

    /** @throws RejectedExecutionException if too many wait already, or the service stops */
    private <T> T run(Callable<T> work) {
        Future<T> result = pool.submit(work);
        try {
            return result.get();
        } catch (CancellationException e) {
            throw new RejectedExecutionException(e);
        } catch (InterruptedException e) {
            // Nobody waits for it any more: then it should not take a core either.
            result.cancel(false);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while hashing", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Hashing failed", e.getCause());
        }
    }
}
