package dev.customrag.bench;

import io.quarkus.elytron.security.common.BcryptUtil;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Start-up, memory, the cost of an authenticated request, and logins against the bare bcrypt of the machine. */
final class IdentityBench {

    private static final Duration ROUND = Duration.ofSeconds(4);
    private static final Duration WARM_UP = Duration.ofSeconds(20);
    private static final int ROUNDS = 5;

    private IdentityBench() {}

    /**
     * One authenticated request against a bare endpoint of the same application, 16 connections, in turn. Bare is the
     * resource of the public keys: REST and JSON like {@code /auth/me}, without a token or the database. The liveness
     * check, a route beneath the REST layer, shows the ceiling of the machine.
     */
    static void authenticatedRequest(RunningService service, RunningService.Account account)
            throws InterruptedException {
        byte[] me = Load.get("/auth/me", account.token());
        byte[] bare = Load.get("/.well-known/jwks.json", null);
        byte[] ceiling = Load.get("/q/health/live", null);
        for (byte[] request : List.of(me, bare, ceiling)) {
            Load.run(service.port(), request, 16, WARM_UP, Duration.ZERO);
        }
        var ratios = new double[ROUNDS];
        var ceilings = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            Load.Result authenticated = Load.run(service.port(), me, 16, ROUND, Duration.ZERO);
            Load.Result plain = Load.run(service.port(), bare, 16, ROUND, Duration.ZERO);
            Load.Result route = Load.run(service.port(), ceiling, 16, ROUND, Duration.ZERO);
            ratios[i] = authenticated.perSecond() / plain.perSecond();
            ceilings[i] = authenticated.perSecond() / route.perSecond();
            System.out.printf(
                    "  /auth/me %.0f/s, p50 %.2f ms, p99 %.2f ms; bare %.0f/s, ratio %.2f; route %.0f/s, ratio %.2f;"
                            + " failures %d%n",
                    authenticated.perSecond(),
                    authenticated.p50(),
                    authenticated.p99(),
                    plain.perSecond(),
                    ratios[i],
                    route.perSecond(),
                    ceilings[i],
                    authenticated.failures() + plain.failures() + route.failures());
        }
        System.out.printf(
                "  => median ratio %.2f to the bare endpoint (goal >= 0.3), %.2f to a route beneath REST%n",
                median(ratios), median(ceilings));
    }

    /**
     * Logins at 8 connections against what all cores hash without a service, in turn; and what /auth/me, asked 20 times
     * a second, takes idle and meanwhile.
     */
    static void logins(RunningService service, RunningService.Account account) throws InterruptedException {
        byte[] login = Load.post("/auth/login", account.loginBody());
        byte[] me = Load.get("/auth/me", account.token());
        Duration pace = Duration.ofMillis(50);
        var ratios = new double[ROUNDS];
        var slowdowns = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            double bare = bareBcryptPerSecond(Duration.ofSeconds(6));
            Load.Result idle = Load.run(service.port(), me, 2, Duration.ofSeconds(6), pace);
            var busy = new Load.Result[1];
            Thread prober = Thread.ofPlatform().start(() -> {
                try {
                    Thread.sleep(1000);
                    busy[0] = Load.run(service.port(), me, 2, Duration.ofSeconds(8), pace);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Load.Result logins = Load.run(service.port(), login, 8, Duration.ofSeconds(10), Duration.ZERO);
            prober.join();
            ratios[i] = logins.perSecond() / bare;
            slowdowns[i] = busy[0].p99() / idle.p99();
            System.out.printf(
                    "  logins %.2f/s, bare bcrypt %.2f/s, ratio %.2f; /auth/me p99 idle %.1f ms, meanwhile %.1f ms, %.1fx;"
                            + " failures %d%n",
                    logins.perSecond(),
                    bare,
                    ratios[i],
                    idle.p99(),
                    busy[0].p99(),
                    slowdowns[i],
                    logins.failures() + busy[0].failures());
        }
        System.out.printf(
                "  => median ratio %.2f (goal >= 0.9), /auth/me p99 %.1fx (goal <= 3)%n",
                median(ratios), median(slowdowns));
    }

    static double bareBcryptPerSecond(Duration time) throws InterruptedException {
        String hash = BcryptUtil.bcryptHash("a password", 12);
        var done = new AtomicInteger();
        long began = System.nanoTime();
        long end = began + time.toNanos();
        var threads = new Thread[Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofPlatform().start(() -> {
                while (System.nanoTime() < end) {
                    BcryptUtil.matches("a password", hash);
                    done.incrementAndGet();
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return done.get() / ((System.nanoTime() - began) / 1e9);
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
