package dev.customrag.bench;

import dev.customrag.knowledge.RetrievalAlone;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.local.LocalModelsAlone;
import dev.customrag.system.ServiceDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Search among 10,000 to 1,000,000 passages of 1,000 owners, one of whom has a tenth of all: what the HNSW index misses,
 * what a search takes, what the indexes take to build and on disk. Writes docs/search-scale.svg.
 */
final class ScaleBench {

    private static final int[] SIZES = {10_000, 100_000, 1_000_000};
    private static final int PASSAGES_OF_DOCUMENT = 100;
    private static final int QUESTIONS = 100;
    private static final int LIMIT = 10;
    private static final int DOCUMENTS_AT_ONCE = 20;

    private static final String INCOMING = """
            SET synchronous_commit = off;
            CREATE TEMPORARY TABLE incoming (id uuid, document_id uuid, ordinal integer, text text, embedding halfvec)
            """;

    private static final String INSERT = """
            INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, passage_count,
                                   created_at, updated_at, ready_at)
            SELECT document_id, '%1$s', 'filler.txt', 'text/plain', 1, document_id::text, 'ready', count(*), now(), now(),
                   now()
            FROM incoming GROUP BY document_id;
            INSERT INTO passages (id, owner_id, document_id, ordinal, start_offset, end_offset, text, text_digest,
                                  embedding_model, dimensions, embedding, language, search)
            SELECT id, '%1$s', document_id, ordinal, ordinal * 1000, ordinal * 1000 + length(text), text,
                   gen_random_uuid(), 'bge-small-en-v1.5-q', 384, embedding, 'english', to_tsvector('english', text)
            FROM incoming;
            TRUNCATE incoming
            """;

    /** How many owners have how many of a million passages. */
    private static final int[][] LONG_TAIL = {
        {1, 100_000}, {9, 30_000}, {40, 7_500}, {150, 1_500}, {100, 350}, {700, 100}
    };

    private final ModelProvider models = LocalModelsAlone.provider();
    private final SyntheticPassages synthetic = new SyntheticPassages(models.embedding());
    private final RunningService service;
    private final Connection database;
    private final Map<String, Measured> measured = new LinkedHashMap<>();
    private final List<UUID> owners = new ArrayList<>();
    private final int[] share = new int[1000];
    private final int[] loaded = new int[1000];

    /** An owner whose searches are timed. */
    private record Measured(int owner, RunningService.Account account) {}

    private ScaleBench(RunningService service, Connection database) {
        this.service = service;
        this.database = database;
    }

    static void run(Path svg) throws Exception {
        try (RunningService service = RunningService.start(Map.of());
                Connection database = ServiceDatabase.connectAsSuperuser(service.dataHome())) {
            new ScaleBench(service, database).run(SIZES, svg);
        }
    }

    private void run(int[] sizes, Path svg) throws Exception {
        // As an operator would for a bulk load.
        execute(
                "SET synchronous_commit = off; SET maintenance_work_mem = '3GB'; SET max_parallel_maintenance_workers = 2");
        makeOwners();
        var latency = new LogLogPlot("95th percentile of a search", "passages in all", "ms");
        var building = new LogLogPlot("Building an index anew", "passages in all", "s");
        var disk = new LogLogPlot("On disk", "passages in all", "MB");
        for (int size : sizes) {
            Map<String, String> indexes = dropIndexes();
            long began = System.nanoTime();
            loadUpTo(size);
            System.out.printf("%,d passages, loaded in %.0f s%n", size, (System.nanoTime() - began) / 1e9);
            for (var index : indexes.entrySet()) {
                double seconds = seconds(index.getValue());
                double megabytes = megabytes("pg_relation_size('%s')".formatted(index.getKey()));
                // The indexes of other dimensions are empty.
                if (megabytes >= 0.1) {
                    System.out.printf("  %s: built in %.1f s, %.1f MB%n", index.getKey(), seconds, megabytes);
                    building.add(index.getKey(), size, seconds);
                    disk.add(index.getKey(), size, megabytes);
                }
            }
            execute("VACUUM (ANALYZE) passages");
            disk.add("passages", size, megabytes("pg_table_size('passages')"));
            System.out.printf("  the table itself: %.1f MB%n", megabytes("pg_table_size('passages')"));
            for (var owner : measured.entrySet()) {
                measure(owner.getKey(), owner.getValue(), size, latency);
            }
        }
        Files.writeString(svg, LogLogPlot.svg(List.of(latency, building, disk)));
    }

    private void makeOwners() throws Exception {
        int owner = 0;
        for (int[] group : LONG_TAIL) {
            Arrays.fill(share, owner, owner + group[0], group[1]);
            owner += group[0];
        }
        Map<Integer, String> names = Map.of(0, "large", 10, "middle", 300, "small");
        for (int i = 0; i < share.length; i++) {
            owners.add(UUID.randomUUID());
            if (names.containsKey(i)) {
                RunningService.Account account = service.register();
                owners.set(
                        i,
                        UUID.fromString(
                                service.get("/auth/me", account).get("id").asText()));
                measured.put(names.get(i), new Measured(i, account));
            } else {
                execute(
                        "INSERT INTO users (id, email, first_name, last_name, created_at, updated_at) VALUES ('%s', '%s', 'F',"
                                        .formatted(owners.get(i), "filler-" + i + "@example.org")
                                + " 'F', now(), now())");
            }
        }
    }

    private Map<String, String> dropIndexes() throws SQLException {
        Map<String, String> indexes = new LinkedHashMap<>();
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT indexname, indexdef FROM pg_indexes"
                        + " WHERE tablename = 'passages' AND indexdef ~ 'USING (hnsw|gin)' ORDER BY 1")) {
            while (row.next()) {
                indexes.put(row.getString(1), row.getString(2));
            }
        }
        for (String index : indexes.keySet()) {
            execute("DROP INDEX " + index);
        }
        return indexes;
    }

    /** Everybody's share of that many passages, two owners at a time. */
    private void loadUpTo(int size) throws Exception {
        var next = new AtomicInteger();
        try (var threads = Executors.newFixedThreadPool(2)) {
            Callable<Void> work = () -> {
                try (Connection connection = ServiceDatabase.connectAsSuperuser(service.dataHome())) {
                    execute(connection, INCOMING);
                    for (int owner = next.getAndIncrement(); owner < share.length; owner = next.getAndIncrement()) {
                        load(connection, owner, (int) ((long) share[owner] * size / 1_000_000));
                    }
                    return null;
                }
            };
            for (Future<Void> done : threads.invokeAll(List.of(work, work))) {
                done.get();
            }
        }
    }

    private void load(Connection connection, int owner, int target) throws SQLException, IOException {
        int[] topics = SyntheticPassages.topics(owner, share[owner]);
        while (loaded[owner] < target) {
            CopyIn copy = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY incoming (id, document_id, ordinal, text, embedding) FROM STDIN");
            // Statistics are kept by statement: many passages in one.
            for (int i = 0; i < DOCUMENTS_AT_ONCE && loaded[owner] < target; i++) {
                int count = Math.min(PASSAGES_OF_DOCUMENT, target - loaded[owner]);
                copyDocument(copy, topics, count, new Random(31L * owner + loaded[owner]));
                loaded[owner] += count;
            }
            copy.endCopy();
            execute(connection, INSERT.formatted(owners.get(owner)));
        }
    }

    private void copyDocument(CopyIn copy, int[] topics, int count, Random random) throws SQLException {
        UUID document = UUID.randomUUID();
        for (int i = 0; i < count; i++) {
            int topic = topics[random.nextInt(topics.length)];
            byte[] row = Stream.of(
                            UUID.randomUUID(),
                            document,
                            i,
                            synthetic.text(topic, random),
                            literal(synthetic.vector(topic, random)))
                    .map(String::valueOf)
                    .collect(Collectors.joining("\t", "", "\n"))
                    .getBytes(StandardCharsets.UTF_8);
            copy.writeToCopy(row, 0, row.length);
        }
    }

    private static String literal(float[] vector) {
        var text = new StringBuilder("[");
        for (float value : vector) {
            text.append(text.length() == 1 ? "" : ",").append(String.format(Locale.ROOT, "%.5f", value));
        }
        return text.append(']').toString();
    }

    private void measure(String name, Measured who, int size, LogLogPlot latency) throws Exception {
        UUID owner = owners.get(who.owner());
        int[] topics = SyntheticPassages.topics(who.owner(), share[who.owner()]);
        double found = 0;
        var bare = new double[QUESTIONS];
        var whole = new double[QUESTIONS];
        try (Connection connection = ServiceDatabase.connectAsService(service.dataHome())) {
            var search = new RetrievalAlone(connection, models);
            for (int i = -QUESTIONS / 2; i < QUESTIONS; i++) {
                String question =
                        synthetic.question(topics[Math.floorMod(i, topics.length)], new Random(1_000_000 + i));
                float[] vector = search.vector(question);
                long began = System.nanoTime();
                search.hybrid(owner, vector, question, LIMIT);
                long between = System.nanoTime();
                service.send("/search", who.account(), Map.of("query", question, "limit", LIMIT));
                long ended = System.nanoTime();
                // The first ones warm the caches up.
                if (i >= 0) {
                    bare[i] = (between - began) / 1e6;
                    whole[i] = (ended - between) / 1e6;
                    List<UUID> exact = search.exactlyNearest(owner, vector, LIMIT);
                    found += (double) search.nearest(owner, vector, LIMIT).stream()
                                    .filter(exact::contains)
                                    .count()
                            / exact.size();
                }
            }
            System.out.printf(
                    "  %s owner, %,d passages: recall@10 %.3f (goal 0.98); p50 %.1f ms, p95 %.1f ms through the service,"
                            + " %.1f and %.1f ms bare: p95 %.1fx (goal <= 3)%n",
                    name,
                    loaded[who.owner()],
                    found / QUESTIONS,
                    percentile(whole, 50),
                    percentile(whole, 95),
                    percentile(bare, 50),
                    percentile(bare, 95),
                    percentile(whole, 95) / percentile(bare, 95));
        }
        latency.add(name + ", POST /search", size, percentile(whole, 95));
        latency.add(name + ", bare SQL", size, percentile(bare, 95));
    }

    private static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }

    private double seconds(String sql) throws SQLException {
        long began = System.nanoTime();
        execute(sql);
        return Duration.ofNanos(System.nanoTime() - began).toMillis() / 1000.0;
    }

    private double megabytes(String sql) throws SQLException {
        try (Statement statement = database.createStatement();
                ResultSet row = statement.executeQuery("SELECT " + sql)) {
            row.next();
            return row.getLong(1) / 1e6;
        }
    }

    private void execute(String sql) throws SQLException {
        execute(database, sql);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
