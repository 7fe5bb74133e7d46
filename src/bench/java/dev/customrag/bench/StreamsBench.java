package dev.customrag.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.model.NumberedSources;
import dev.customrag.system.ServiceDatabase;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.HttpURLConnection;
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
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;

/**
 * A hundred people ask at the same time, each about a document of theirs, and a model answers each at 50 tokens a second:
 * what the service adds to the way of a token, what it takes of the processor and of memory. The bare SDK hears the same
 * answers in turn. This process plays the model and all who listen; the service and its database are processes of their own,
 * on the same cores.
 */
final class StreamsBench {

    private static final int PEOPLE = 100;
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int WARM_UPS = 4;
    private static final int ROUNDS = 5;
    private static final int SHORT = 500;
    private static final int LONG = 2_000;

    /** The heap has its size from the start, so that resident memory grows by what is outside of it. */
    private static final List<String> OPTIONS = List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch");

    private static final Pattern NUMBER = Pattern.compile("report (\\d+)");
    private static final Pattern SDK_THREAD = Pattern.compile("aws-java-sdk-NettyEventLoop|sdk-async-response");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningService service;
    private final BedrockRuntimeAsyncClient sdk;
    private final ProcessHandle database;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<Integer, PacedAnswer> answers = new ConcurrentHashMap<>();
    private final List<RunningService.Account> people = new ArrayList<>();
    private int numbers;

    private StreamsBench(RunningService service, BedrockRuntimeAsyncClient sdk, ProcessHandle database) {
        this.service = service;
        this.sdk = sdk;
        this.database = database;
    }

    static void run() throws Exception {
        try (FakeBedrock bedrock = FakeBedrock.start();
                BedrockRuntimeAsyncClient sdk = BedrockOnLoopback.sdk(bedrock)) {
            var settings = new HashMap<>(BedrockOnLoopback.settings(bedrock));
            settings.put("identity.bcrypt-cost", "10");
            try (RunningService service = RunningService.start(settings, OPTIONS)) {
                var bench = new StreamsBench(service, sdk, database(service));
                bedrock.always(FakeBedrock.NOVA, BedrockScript.paced(bench::pieces, PAUSE));
                try {
                    bench.measure();
                } finally {
                    bench.threads.shutdownNow();
                }
            }
        }
    }

    private static ProcessHandle database(RunningService service) throws SQLException {
        try (Connection connection = ServiceDatabase.connect(service.dataHome());
                Statement statement = connection.createStatement();
                ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
            backend.next();
            return ProcessHandle.of(backend.getLong(1)).orElseThrow().parent().orElseThrow();
        }
    }

    private Iterator<String> pieces(String lastMessage) {
        Matcher number = NUMBER.matcher(NumberedSources.read(lastMessage).question());
        if (!number.find()) {
            throw new IllegalStateException("Not a question of this benchmark");
        }
        return answers.get(Integer.parseInt(number.group(1))).sending();
    }

    private void measure() throws Exception {
        seed();
        warmUp();
        rounds();
        length();
        memory();
    }

    private void seed() throws IOException, InterruptedException {
        var documents = new ArrayList<UUID>();
        for (int i = 0; i < PEOPLE; i++) {
            RunningService.Account person = service.register();
            people.add(person);
            documents.add(
                    service.upload(person, "report.txt", Texts.paragraphs(i, 1).getBytes(StandardCharsets.UTF_8)));
        }
        for (int i = 0; i < PEOPLE; i++) {
            service.awaitReady(people.get(i), documents.get(i));
        }
    }

    /** How somebody asks: comes back with the whole answer. */
    private interface Way {

        void ask(RunningService.Account person, String session, int number, PacedAnswer answer) throws Exception;
    }

    /** Answers on their way at the same time. */
    private record Streams(List<PacedAnswer> answers, List<Future<?>> listening) {

        int heardTokens() {
            return answers.stream().mapToInt(PacedAnswer::heardTokens).sum();
        }

        /** Waits until that many tokens of each were heard, on average. */
        void awaitTokens(int ofEach) throws InterruptedException, ExecutionException {
            while (heardTokens() < ofEach * answers.size()) {
                for (Future<?> each : listening) {
                    if (each.isDone()) {
                        each.get();
                    }
                }
                Thread.sleep(20);
            }
        }

        /** Waits for all of it, and makes sure that all of it came. */
        void end() throws InterruptedException, ExecutionException {
            for (Future<?> each : listening) {
                each.get();
            }
            answers.forEach(PacedAnswer::requireWhole);
        }

        /** In milliseconds, from the first token to the last of each. */
        double[] delays(int from, int to) {
            return answers.stream()
                    .flatMapToDouble(answer -> Arrays.stream(answer.millis(from, to)))
                    .sorted()
                    .toArray();
        }

        double[] untilFirstToken() {
            return answers.stream()
                    .mapToDouble(PacedAnswer::untilFirstTokenMillis)
                    .sorted()
                    .toArray();
        }
    }

    /** Lets so many people ask at the same moment. */
    private Streams begin(Way way, int count, int length) throws Exception {
        var gate = new CountDownLatch(1);
        var asked = new ArrayList<PacedAnswer>();
        var listening = new ArrayList<Future<?>>();
        answers.clear();
        for (RunningService.Account person : people.subList(0, count)) {
            int number = numbers++;
            var answer = new PacedAnswer(number, length);
            // With a title, so that no call of a model finds one.
            String session = service.send("/sessions", person, Map.of("title", "A report"))
                    .get("id")
                    .asText();
            answers.put(number, answer);
            asked.add(answer);
            listening.add(threads.submit(() -> {
                gate.await();
                way.ask(person, session, number, answer);
                return null;
            }));
        }
        gate.countDown();
        return new Streams(asked, listening);
    }

    private static String question(int number) {
        return "What does report " + number + " say?";
    }

    private void askService(RunningService.Account person, String session, int number, PacedAnswer answer)
            throws IOException {
        var connection = (HttpURLConnection)
                service.uri("/sessions/" + session + "/messages").toURL().openConnection();
        connection.setRequestProperty("Authorization", "Bearer " + person.token());
        connection.setRequestProperty("Accept", "text/event-stream");
        connection.setRequestProperty("Content-Type", "application/json");
        connection.setDoOutput(true);
        answer.asked();
        try (OutputStream out = connection.getOutputStream()) {
            out.write(JSON.writeValueAsBytes(Map.of("content", question(number))));
        }
        try (var lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            listen(lines, answer);
        }
    }

    private static void listen(BufferedReader lines, PacedAnswer answer) throws IOException {
        String name = "";
        String id = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, Math.max(0, colon))) {
                case "event" -> name = value;
                case "id" -> id = value;
                case "data" -> hear(name, id, JSON.readTree(value), answer);
                default -> {}
            }
        }
        if (!name.equals("done")) {
            throw new IllegalStateException("The stream ended with " + name);
        }
    }

    private static void hear(String name, String id, JsonNode data, PacedAnswer answer) {
        switch (name) {
            case "sources" -> require(data.get("citations").size(), 1, "sources");
            case "token" -> {
                answer.hear(data.get("text").asText());
                require(Integer.parseInt(id), answer.heardLength(), "the number of a token");
            }
            case "done" -> {
                JsonNode message = data.get("message");
                String content = message.get("content").asText();
                require(message.get("status").asText(), "complete", "status");
                require(content.length(), answer.text().length(), "characters kept");
                require(content, answer.text(), "the text kept");
                require(message.at("/usage/output_tokens").asInt(), answer.length(), "tokens in the usage");
            }
            default -> throw new IllegalStateException("Heard " + name + ": " + data);
        }
    }

    private static void require(Object found, Object expected, String what) {
        if (!found.equals(expected)) {
            throw new IllegalStateException("Expected %s of %s, found %s".formatted(expected, what, found));
        }
    }

    private void askSdk(RunningService.Account person, String session, int number, PacedAnswer answer) {
        var handler = ConverseStreamResponseHandler.builder()
                .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(delta -> answer.hear(delta.delta().text()))
                        .build())
                .build();
        Message message = Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(question(number)))
                .build();
        answer.asked();
        sdk.converseStream(request -> request.modelId(FakeBedrock.NOVA).messages(message), handler)
                .join();
    }

    /**
     * Processor time so far, or for each 1,000 tokens, in milliseconds.
     *
     * @param sdk of the threads on which the SDK reads in this process
     * @param others what had nothing to do with it, but ran on the same machine
     */
    private record Spent(double service, double database, double sdk, double others) {

        Spent since(Spent before, int tokens) {
            return new Spent(
                    (service - before.service) * 1000 / tokens,
                    (database - before.database) * 1000 / tokens,
                    (sdk - before.sdk) * 1000 / tokens,
                    (others - before.others) * 1000 / tokens);
        }
    }

    private Spent spent() throws IOException {
        ThreadMXBean all = ManagementFactory.getThreadMXBean();
        double sdkTime = Arrays.stream(all.getThreadInfo(all.getAllThreadIds()))
                        .filter(thread -> thread != null
                                && SDK_THREAD.matcher(thread.getThreadName()).lookingAt())
                        .mapToLong(thread -> all.getThreadCpuTime(thread.getThreadId()))
                        .sum()
                / 1e6;
        double databaseTime = Stream.concat(Stream.of(database), database.children())
                .map(process -> process.info().totalCpuDuration())
                .flatMap(Optional::stream)
                .mapToLong(Duration::toMillis)
                .sum();
        double serviceTime = service.processorTime().toMillis();
        double ownTime =
                ProcessHandle.current().info().totalCpuDuration().orElseThrow().toMillis();
        return new Spent(serviceTime, databaseTime, sdkTime, machineMillis() - serviceTime - databaseTime - ownTime);
    }

    /** Milliseconds in which the processors were busy: user, nice and system, in hundredths of a second (proc(5)). */
    private static double machineMillis() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/stat"))) {
            String[] ticks = lines.findFirst().orElseThrow().split("\\s+");
            return 10.0 * (Long.parseLong(ticks[1]) + Long.parseLong(ticks[2]) + Long.parseLong(ticks[3]));
        }
    }

    /** For each 1,000 tokens, between these tokens of each stream: what asking and ending takes is left out. */
    private Spent spent(Streams streams, int from, int to) throws Exception {
        streams.awaitTokens(from);
        Spent before = spent();
        int tokens = streams.heardTokens();
        streams.awaitTokens(to);
        return spent().since(before, streams.heardTokens() - tokens);
    }

    private void warmUp() throws Exception {
        for (int i = 0; i < WARM_UPS; i++) {
            begin(this::askService, PEOPLE, SHORT).end();
        }
        begin(this::askSdk, PEOPLE, SHORT).end();
    }

    private void rounds() throws Exception {
        var added = new double[ROUNDS];
        var spent = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            Streams bare = begin(this::askSdk, PEOPLE, SHORT);
            Spent bareSpent = spent(bare, SHORT / 5, SHORT * 4 / 5);
            bare.end();
            Streams streams = begin(this::askService, PEOPLE, SHORT);
            Spent serviceSpent = spent(streams, SHORT / 5, SHORT * 4 / 5);
            streams.end();
            added[i] = percentile(streams.delays(0, 1), 95);
            spent[i] = serviceSpent.service();
            System.out.printf(
                    "  first token %s, bare SDK %s; all %s, bare SDK %s; from the question %s%n",
                    percentiles(streams.delays(0, 1)),
                    percentiles(bare.delays(0, 1)),
                    percentiles(streams.delays(0, SHORT)),
                    percentiles(bare.delays(0, SHORT)),
                    percentiles(streams.untilFirstToken()));
            System.out.printf(
                    "    processor time for 1,000 tokens: service %.1f ms, database %.1f ms, bare SDK %.1f ms;"
                            + " others %.1f ms%n",
                    serviceSpent.service(), serviceSpent.database(), bareSpent.sdk(), serviceSpent.others());
        }
        System.out.printf(
                "  => median p95 added to the first token %.1f ms (goal < 100), processor time for 1,000 tokens %.1f ms%n",
                IdentityBench.median(added), IdentityBench.median(spent));
    }

    /** Whether a token costs more the longer an answer is. */
    private void length() throws Exception {
        Streams streams = begin(this::askService, PEOPLE, LONG);
        for (int from = 100; from + LONG / 5 < LONG; from += LONG / 5) {
            Spent spent = spent(streams, from, from + LONG / 5 - 1);
            System.out.printf(
                    "  tokens from %,d of %,d: processor time for 1,000 tokens: service %.1f ms, database %.1f ms%n",
                    from, LONG, spent.service(), spent.database());
        }
        streams.end();
        for (int from = 0; from < LONG; from += LONG / 5) {
            System.out.printf("  tokens from %,d: %s%n", from, percentiles(streams.delays(from, from + LONG / 5)));
        }
    }

    private void memory() throws Exception {
        service.liveHeap();
        long heap = service.liveHeap();
        long resident = service.residentBytes();
        System.out.printf("  no stream: live heap %.1f MB, resident %.1f MB%n", heap / 1e6, resident / 1e6);
        for (int count : List.of(PEOPLE / 2, PEOPLE)) {
            Streams streams = begin(this::askService, count, LONG);
            for (int tokens : List.of(LONG / 8, LONG / 2, LONG * 7 / 8)) {
                streams.awaitTokens(tokens);
                long live = service.liveHeap() - heap;
                long outside = service.residentBytes() - resident;
                System.out.printf(
                        "  %d streams, %,d tokens each: live heap + %.1f MB, %.0f KB a stream; resident + %.1f MB, %.0f KB a"
                                + " stream%n",
                        count, tokens, live / 1e6, live / 1e3 / count, outside / 1e6, outside / 1e3 / count);
            }
            streams.end();
        }
        System.out.printf(
                "  no stream any more: live heap + %.1f MB, resident + %.1f MB%n",
                (service.liveHeap() - heap) / 1e6, (service.residentBytes() - resident) / 1e6);
    }

    private static String percentiles(double[] sorted) {
        return "p50 %.1f, p95 %.1f, p99 %.1f ms"
                .formatted(percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    private static double percentile(double[] sorted, int percent) {
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
