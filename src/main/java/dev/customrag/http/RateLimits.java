package dev.customrag.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.postgresql.Bucket4jPostgreSQL;
import io.github.bucket4j.postgresql.PostgreSQLSelectForUpdateBasedProxyManager;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * How often something may happen, counted by all replicas together in the database: OWASP ASVS 5.0, 2.4.1 and 6.3.1. Each
 * process remembers what is used up, so that a flood costs the database nothing.
 *
 * <p>To count takes a database connection of its own. It is refused within a transaction, which holds one already: enough
 * of those at once, and all would wait for a second one for ever.
 */
@Startup
@ApplicationScoped
public class RateLimits {

    /** What is limited. */
    public enum Kind {
        /** By network. */
        REGISTRATION,
        /** By network: wrong passwords and codes. */
        SIGN_IN_FAILURE,
        /** By network: refresh tokens that are refused. */
        REFRESH_FAILURE,
        /** By network: links, second steps and answers of providers that are refused, each of which is recorded. */
        LINK_FAILURE,
        /** By network: sign-ins begun with a provider, each of which is a row until it is done or too old. */
        PROVIDER_ATTEMPT,
        /** By network: what sends somebody a mail. */
        MAIL_REQUEST,
        /** By recipient. */
        MAIL
    }

    private static final int MOST_REMEMBERED = 10_000;
    private static final int SHORTEST_IPV4 = 24;
    private static final int SHORTEST_IPV6 = 48;

    /** Buckets that are full again say nothing; kept a little longer than that, as clocks differ. */
    private static final Duration KEPT_WHEN_FULL = Duration.ofMinutes(1);

    private final RequestOrigins origins;
    private final LimitsConfig config;
    private final List<Network> exempt;
    private final Clock clock;
    private final PostgreSQLSelectForUpdateBasedProxyManager<Long> buckets;
    private final Cache<Long, Instant> usedUp =
            Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).build();

    RateLimits(RequestOrigins origins, LimitsConfig config, DataSource database, Clock clock) {
        this.origins = origins;
        this.config = config;
        this.exempt = config.exempt().orElse(List.of());
        this.clock = clock;
        if (exempt.stream().anyMatch(RateLimits::isNarrow)) {
            throw new ConfigurationException("limits.exempt: no more than a client's network is known, so that one of"
                    + " more than 24 bits (IPv4) or 48 (IPv6) would never be met.");
        }
        buckets = Bucket4jPostgreSQL.selectForUpdateBasedBuilder(database)
                .table("rate_limits")
                .idColumn("id")
                .stateColumn("state")
                .expiresAtColumn("expires_at")
                .clientClock(new WallClock(clock))
                .expirationAfterWrite(ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(KEPT_WHEN_FULL))
                .build();
    }

    /**
     * Counts one for the network the request at hand comes from.
     *
     * @throws Problem 429 if it has had as many as it may; then it does not count
     */
    public void count(Kind kind) {
        here().ifPresent(network -> {
            Duration wait = take(kind, network);
            if (wait.isPositive()) {
                throw Problem.tooMany(wait);
            }
        });
    }

    /**
     * Asks without counting, and without the database: for what counts only if it fails. It knows what {@link #count} of
     * this process has seen.
     *
     * @throws Problem 429 if the network the request at hand comes from has had as many as it may
     */
    public void check(Kind kind) {
        here().ifPresent(network -> {
            Duration wait = remembered(id(kind, network));
            if (wait.isPositive()) {
                throw Problem.tooMany(wait);
            }
        });
    }

    /**
     * Does something that counts only if it is refused.
     *
     * @throws Problem what {@code work} throws; or 429, before or instead, if the network the request at hand comes from
     *     has been refused as often as it may
     */
    public <T> T countRefusals(Kind kind, Supplier<T> work) {
        return countRefusals(kind, Problem.class, work);
    }

    /** The same where only some of the problems are refusals. */
    public <T> T countRefusals(Kind kind, Class<? extends Problem> refusals, Supplier<T> work) {
        check(kind);
        try {
            return work.get();
        } catch (Problem problem) {
            if (refusals.isInstance(problem) && problem.status() < 500) {
                count(kind);
            }
            throw problem;
        }
    }

    /** The same for what answers nothing. */
    public void countRefusals(Kind kind, Runnable work) {
        countRefusals(kind, () -> {
            work.run();
            return null;
        });
    }

    /** Counts one for whomever {@code key} stands for; false if they have had as many as they may. */
    public boolean allows(Kind kind, String key) {
        return !take(kind, key).isPositive();
    }

    /** Forgets what has not been used for long enough to say nothing; of that, {@code most} at a time. */
    public int forget(int most) {
        outsideOfTransactions();
        return buckets.removeExpired(most);
    }

    /** How long to wait; zero if it may happen, and was counted. */
    private Duration take(Kind kind, String key) {
        outsideOfTransactions();
        long id = id(kind, key);
        Duration wait = remembered(id);
        if (wait.isPositive()) {
            return wait;
        }
        RateLimit limit = limit(kind);
        ConsumptionProbe probe = buckets.builder()
                .build(id, () -> BucketConfiguration.builder()
                        .addLimit(bandwidth ->
                                bandwidth.capacity(limit.capacity()).refillGreedy(limit.capacity(), limit.period()))
                        .build())
                .tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
            return Duration.ZERO;
        }
        wait = Duration.ofNanos(Math.max(1, probe.getNanosToWaitForRefill()));
        usedUp.put(id, clock.instant().plus(wait));
        return wait;
    }

    private Duration remembered(long id) {
        Instant until = usedUp.getIfPresent(id);
        return until == null ? Duration.ZERO : Duration.between(clock.instant(), until);
    }

    /** The network that is limited; empty for one that is exempt. */
    private Optional<String> here() {
        String prefix = origins.current().addressPrefix();
        boolean free = !prefix.isEmpty()
                && !exempt.isEmpty()
                && exempt.stream()
                        .anyMatch(network -> network.contains(Network.of(prefix).first()));
        return free ? Optional.empty() : Optional.of(prefix);
    }

    private RateLimit limit(Kind kind) {
        return switch (kind) {
            case REGISTRATION -> config.registrations();
            case SIGN_IN_FAILURE -> config.signInFailures();
            case REFRESH_FAILURE -> config.refreshFailures();
            case LINK_FAILURE -> config.linkFailures();
            case PROVIDER_ATTEMPT -> config.providerAttempts();
            case MAIL_REQUEST -> config.mailRequests();
            case MAIL -> config.mails();
        };
    }

    /** A hash, so that no address is stored. With the limit: a bucket keeps the one it was made with. */
    private long id(Kind kind, String key) {
        String text = kind + " " + limit(kind) + " " + key;
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(hash).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isNarrow(Network network) {
        boolean ipv4 = network.first().getAddress().length == Integer.BYTES;
        return network.bits() > (ipv4 ? SHORTEST_IPV4 : SHORTEST_IPV6);
    }

    private static void outsideOfTransactions() {
        if (QuarkusTransaction.getStatus() != Status.STATUS_NO_TRANSACTION) {
            throw new IllegalStateException("Count before the transaction begins, or when it has ended");
        }
    }

    /** The clock everything asks, for Bucket4j. */
    private record WallClock(Clock clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            return Math.multiplyExact(clock.millis(), 1_000_000L);
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
