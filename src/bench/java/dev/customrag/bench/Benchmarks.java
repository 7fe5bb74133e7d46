package dev.customrag.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Runs the benchmarks named on the command line, or all but the long ones. How: docs/benchmarks.md.
 *
 * <p>Ratios in one run on one machine, the two sides in turn; absolute figures are for orientation.
 */
final class Benchmarks {

    private static final Set<String> ALL = new TreeSet<>(List.of(
            "start",
            "me",
            "login",
            "refresh",
            "storm",
            "million-tokens",
            "ingest",
            "embedding",
            "first-token",
            "streams",
            "web",
            "quality"));

    /** Those that take long, and run when they are named. */
    private static final Set<String> LONG = Set.of("scale");

    private Benchmarks() {}

    /**
     * Takes names; after {@code quality} the folder of the test set to measure with, without which it is left out.
     */
    public static void main(String[] arguments) throws Exception {
        var names = new ArrayList<>(List.of(arguments));
        Path testSet = null;
        if (names.contains("quality") && names.indexOf("quality") + 1 < names.size()) {
            testSet = Path.of(names.remove(names.indexOf("quality") + 1));
        }
        Set<String> wanted = names.isEmpty() ? ALL : Set.copyOf(names);
        if (!Stream.concat(ALL.stream(), LONG.stream()).toList().containsAll(wanted)) {
            throw new IllegalArgumentException("Choose from " + ALL + " and " + LONG);
        }
        if (wanted.contains("embedding")) {
            System.out.println("embedding: the local model on passages against the library's embedAll on all cores");
            EmbeddingBench.run();
        }
        if (wanted.equals(Set.of("embedding"))) {
            return;
        }
        try (RunningService service = RunningService.start(Map.of())) {
            RunningService.Account account = service.register();
            if (wanted.contains("start")) {
                service.get("/auth/me", account);
                System.out.printf(
                        "start: ready after %.1f s, %d MiB resident after the first request%n",
                        service.startUp().toMillis() / 1000.0, service.residentMebibytes());
            }
            if (wanted.contains("me")) {
                System.out.println("me: GET /auth/me against GET /.well-known/jwks.json, 16 connections");
                IdentityBench.authenticatedRequest(service, account);
            }
            if (wanted.contains("login")) {
                System.out.println("login: POST /auth/login against bare bcrypt on all cores");
                IdentityBench.logins(service, account);
            }
            if (wanted.contains("refresh")) {
                System.out.println("refresh: POST /auth/refresh against POST /auth/login, 8 connections");
                SecurityBench.refreshes(service);
            }
            if (wanted.contains("storm")) {
                System.out.println("storm: logins at four times the hashing capacity, and GET /auth/me meanwhile");
                SecurityBench.storm(service);
            }
            if (wanted.contains("ingest")) {
                System.out.println("ingest: a 100-page PDF through the service against parsing and embedding alone");
                IngestBench.run(service, account);
            }
        }
        if (wanted.contains("quality") && testSet != null) {
            System.out.println("quality: what POST /search and conversations find, against the branches alone");
            try (RunningService service = RunningService.start(Map.of())) {
                QualityBench.run(service, testSet);
            }
        }
        if (wanted.contains("million-tokens")) {
            System.out.println("million-tokens: POST /auth/refresh with few and with a million rows");
            try (RunningService service = RunningService.start(Map.of())) {
                SecurityBench.millionTokens(service);
            }
        }
        if (wanted.contains("scale")) {
            System.out.println("scale: search among 10,000 to 1,000,000 passages of 1,000 owners");
            ScaleBench.run(Path.of("docs", "search-scale.svg"));
        }
        if (wanted.contains("first-token")) {
            System.out.println("first-token: a question over 10,000 passages against the model's own first token");
            FirstTokenBench.run();
        }
        if (wanted.contains("streams")) {
            System.out.println("streams: 100 answers of 50 tokens/s at the same time, against the bare SDK");
            StreamsBench.run();
        }
        if (wanted.contains("web")) {
            System.out.println("web: weight, first load and long conversations in a browser with a slow processor");
            WebBench.run();
        }
    }
}
