package dev.customrag.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.system.ServiceDatabase;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** What keeps people safe, and what that costs. */
final class SecurityBench {

    private static final int ROUNDS = 5;
    private static final int REFRESHES = 600;

    private SecurityBench() {}

    /** Refreshes one after another on 8 connections, against logins, in turn. */
    static void refreshes(RunningService service) throws Exception {
        RunningService.Account account = service.register();
        byte[] login = Load.post("/auth/login", account.loginBody());
        times(service, REFRESHES);
        var ratios = new double[3];
        for (int i = 0; i < ratios.length; i++) {
            Load.Result logins = Load.run(service.port(), login, 8, Duration.ofSeconds(8), Duration.ZERO);
            double refreshes = refreshesPerSecond(service);
            ratios[i] = refreshes / logins.perSecond();
            System.out.printf(
                    "  refreshes %.0f/s, logins %.1f/s, ratio %.0f; failures %d%n",
                    refreshes, logins.perSecond(), ratios[i], logins.failures());
        }
        System.out.printf("  => median ratio %.0f%n", IdentityBench.median(ratios));
    }

    /** Refreshes one after another, with the table of refresh tokens as good as empty and with a million rows in it. */
    static void millionTokens(RunningService service) throws Exception {
        times(service, REFRESHES);
        double[] empty = rounds(service);
        try (Connection database = ServiceDatabase.connect(service.dataHome())) {
            fill(database);
        }
        times(service, REFRESHES);
        double[] full = rounds(service);
        System.out.printf(
                "  p50 of a refresh: %.2f ms with few tokens, %.2f ms with a million: %.2fx (goal <= 1.5)%n",
                IdentityBench.median(empty),
                IdentityBench.median(full),
                IdentityBench.median(full) / IdentityBench.median(empty));
    }

    private static double[] rounds(RunningService service) throws Exception {
        var medians = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            medians[i] = IdentityBench.median(times(service, REFRESHES));
        }
        return medians;
    }

    private static void fill(Connection database) throws SQLException {
        try (var statement = database.createStatement()) {
            statement.execute("""
                    INSERT INTO users (id, email, first_name, last_name, is_active, created_at, updated_at)
                    SELECT gen_random_uuid(), 'filler-' || i || '@example.org', 'F', 'F', true, now(), now()
                    FROM generate_series(1, 10000) i
                    """);
            statement.execute("""
                    INSERT INTO sign_in_sessions (id, user_id, created_at, last_used_at)
                    SELECT gen_random_uuid(), id, now(), now() FROM users WHERE email LIKE 'filler-%'
                    """);
            statement.execute("""
                    INSERT INTO refresh_tokens (id, session_id, token_hash, issued_at, expires_at, spent_at)
                    SELECT gen_random_uuid(), session.id, sha256(gen_random_uuid()::text::bytea), now(),
                           now() + interval '7 days', now()
                    FROM sign_in_sessions session CROSS JOIN generate_series(1, 100)
                    """);
            statement.execute("ANALYZE");
        }
    }

    private static double refreshesPerSecond(RunningService service) throws Exception {
        int connections = 8;
        long began = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(connections)) {
            var chains = new ArrayList<Future<double[]>>();
            for (int i = 0; i < connections; i++) {
                chains.add(threads.submit(() -> times(service, REFRESHES / connections)));
            }
            for (var chain : chains) {
                chain.get();
            }
        }
        return REFRESHES / ((System.nanoTime() - began) / 1e9);
    }

    /** A new sign-in's refreshes, each with the token of the one before; how long each took, in milliseconds. */
    private static double[] times(RunningService service, int count) throws IOException, InterruptedException {
        String token = service.register().refreshToken();
        var times = new double[count];
        for (int i = 0; i < count; i++) {
            long began = System.nanoTime();
            JsonNode answer = service.send("/auth/refresh", null, Map.of("refresh_token", token));
            times[i] = (System.nanoTime() - began) / 1e6;
            token = answer.get("refresh_token").asText();
        }
        return times;
    }

    /**
     * Logins that arrive at four times the rate at which the machine can hash, whether or not earlier ones were answered;
     * what /auth/me takes idle and meanwhile, and how long those wait that are refused.
     */
    static void storm(RunningService service) throws Exception {
        double capacity = IdentityBench.bareBcryptPerSecond(Duration.ofSeconds(6));
        List<RunningService.Account> accounts = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            accounts.add(service.register());
        }
        byte[] me = Load.get("/auth/me", accounts.getFirst().token());
        Duration pace = Duration.ofMillis(50);
        Load.run(service.port(), me, 2, Duration.ofSeconds(5), Duration.ZERO);
        var slowdowns = new double[3];
        for (int i = 0; i < slowdowns.length; i++) {
            Load.Result idle = Load.run(service.port(), me, 2, Duration.ofSeconds(10), pace);
            var busy = new Load.Result[1];
            Thread prober = Thread.ofPlatform().start(() -> {
                try {
                    // The queue is full by then.
                    Thread.sleep(8_000);
                    busy[0] = Load.run(service.port(), me, 2, Duration.ofSeconds(12), pace);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            Map<Integer, double[]> answers = arriving(service, accounts, 4 * capacity, Duration.ofSeconds(20));
            prober.join();
            slowdowns[i] = busy[0].p99() / idle.p99();
            System.out.printf(
                    "  hashing capacity %.1f/s; /auth/me p99 idle %.1f ms, meanwhile %.1f ms, %.1fx%n",
                    capacity, idle.p99(), busy[0].p99(), slowdowns[i]);
            answers.forEach((status, times) -> System.out.printf(
                    "    %d: %d logins, p50 %.0f ms, p99 %.0f ms, worst %.0f ms%n",
                    status, times.length, at(times, 50), at(times, 99), at(times, 100)));
        }
        System.out.printf("  => /auth/me p99 %.1fx (goal <= 3)%n", IdentityBench.median(slowdowns));
    }

    private static Map<Integer, double[]> arriving(
            RunningService service, List<RunningService.Account> accounts, double perSecond, Duration time)
            throws InterruptedException {
        record Answer(int status, double time) {}
        Queue<Answer> answers = new ConcurrentLinkedQueue<>();
        try (var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long began = System.nanoTime();
            for (int i = 0; System.nanoTime() - began < time.toNanos(); i++) {
                var login = HttpRequest.newBuilder(service.uri("/auth/login"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                accounts.get(i % accounts.size()).loginBody()))
                        .build();
                threads.submit(() -> {
                    long sent = System.nanoTime();
                    int status = client.send(login, HttpResponse.BodyHandlers.discarding())
                            .statusCode();
                    return answers.add(new Answer(status, (System.nanoTime() - sent) / 1e6));
                });
                Thread.sleep(Duration.ofNanos((long) (1e9 / perSecond)));
            }
        }
        return answers.stream()
                .collect(Collectors.groupingBy(
                        Answer::status,
                        TreeMap::new,
                        Collectors.collectingAndThen(Collectors.toList(), list -> list.stream()
                                .mapToDouble(Answer::time)
                                .sorted()
                                .toArray())));
    }

    private static double at(double[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
