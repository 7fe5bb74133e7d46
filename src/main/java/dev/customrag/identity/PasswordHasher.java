package dev.customrag.identity;

import dev.customrag.http.Problem;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.quarkus.elytron.security.common.BcryptUtil;
import io.quarkus.runtime.Startup;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hashes passwords with bcrypt on as many threads as there are cores. It is slow by design, so that a burst of logins
 * would otherwise take the cores from everybody else; beyond a short queue it is refused at once instead.
 */
@Startup
@ApplicationScoped
class PasswordHasher {

    /** Longer ones are not truncated but refused: bcrypt reads no further. */
    static final int MAXIMUM_BYTES = 72;

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

    @PreDestroy
    void close() {
        pool.shutdownNow();
    }

    /**
     * The hash to store, as {@code $2a$} text with its cost and salt.
     *
     * @throws Problem 503 if too many wait already
     */
    String hash(String password) {
        return run(() -> BcryptUtil.bcryptHash(password, cost));
    }

    /**
     * Whether a password is the one that was hashed.
     *
     * @throws Problem 503 if too many wait already
     */
    boolean matches(String password, String hash) {
        return run(() -> BcryptUtil.matches(password, hash)) && bytes(password) <= MAXIMUM_BYTES;
    }

    /** Takes as long as {@link #matches}, for an address nobody has: OWASP ASVS 5.0, 6.3.8. */
    void matchNobody(String password) {
        matches(password, nobodys);
    }

    static int bytes(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length;
    }

    private <T> T run(Callable<T> work) {
        try {
            Future<T> result = pool.submit(() -> hashing.recordCallable(work));
            return result.get();
        } catch (RejectedExecutionException e) {
            throw new Problem(503, "busy", "Service unavailable", "Too many people are signing in. Try again shortly.")
                    .header(HttpHeaders.RETRY_AFTER, "5");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while hashing", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("Hashing failed", e.getCause());
        }
    }
}
