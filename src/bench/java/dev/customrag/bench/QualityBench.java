package dev.customrag.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.knowledge.RetrievalAlone;
import dev.customrag.knowledge.Turn;
import dev.customrag.model.local.LocalModelsAlone;
import dev.customrag.system.ServiceDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * How well retrieval finds. A test set is a folder with {@code passages.jsonl} ({@code id, text}) and
 * {@code questions.jsonl} ({@code id, collection, answerability, history, question, relevant}). Each passage becomes a
 * text file of one person, uploaded and ingested by the service, which splits it where it is long. A hit counts for the
 * passage whose file it is from; two hits in one file take two places and count once.
 *
 * <p>Measured are the first ten hits: recall at 5 and at 10, nDCG at 10 (relevant or not), and the reciprocal rank of the
 * first relevant one.
 */
final class QualityBench {

    private static final int DEPTH = 10;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double[] THRESHOLDS = {0.40, 0.50, 0.55, 0.57, 0.60, 0.62, 0.65, 0.70};

    private final RunningService service;
    private final RunningService.Account account;
    private final UUID owner;
    private final RetrievalAlone retrieval;
    private final Map<String, UUID> documents;
    private final List<Question> questions;

    private QualityBench(RunningService service, Path set) throws Exception {
        this.service = service;
        account = service.register();
        owner = UUID.fromString(service.get("/auth/me", account).get("id").asText());
        questions = questions(set.resolve("questions.jsonl"));
        documents = upload(set.resolve("passages.jsonl"));
        retrieval =
                new RetrievalAlone(ServiceDatabase.connectAsService(service.dataHome()), LocalModelsAlone.provider());
    }

    private record Question(
            String collection, boolean isUnanswerable, String text, List<Turn> earlier, List<String> relevant) {}

    /** The files of the hits for a question, best first. */
    private interface Search {
        List<UUID> documents(Question question) throws Exception;
    }

    private record Figures(double recall5, double recall10, double ndcg10, double reciprocalRank) {}

    static void run(RunningService service, Path set) throws Exception {
        var bench = new QualityBench(service, set);
        bench.measureAll();
        bench.measureDeclining();
    }

    private void measureAll() throws Exception {
        measure("POST /search, last question", this::overHttp);
        measure("dense, last question", question -> retrieval.dense(owner, question.text(), List.of(), DEPTH));
        measure("words, last question", question -> retrieval.lexical(owner, question.text(), List.of(), DEPTH));
        measure(
                "hybrid, history",
                question -> retrieval.conversation(owner, question.text(), question.earlier(), DEPTH));
        measure("dense, history", question -> retrieval.dense(owner, question.text(), question.earlier(), DEPTH));
        measure("words, history", question -> retrieval.lexical(owner, question.text(), question.earlier(), DEPTH));
    }

    private void measure(String name, Search search) throws Exception {
        var byCollection = new TreeMap<String, List<Figures>>();
        for (Question question : questions) {
            if (!question.relevant().isEmpty()) {
                byCollection
                        .computeIfAbsent(question.collection(), collection -> new ArrayList<>())
                        .add(figures(search.documents(question), question));
            }
        }
        System.out.println("  " + name);
        byCollection.forEach(QualityBench::print);
        print("all", byCollection.values().stream().flatMap(List::stream).toList());
    }

    private static void print(String collection, List<Figures> figures) {
        System.out.printf(
                "    %-10s %4d questions  recall@5 %.3f  recall@10 %.3f  nDCG@10 %.3f  MRR %.3f%n",
                collection,
                figures.size(),
                figures.stream().mapToDouble(Figures::recall5).average().orElse(0),
                figures.stream().mapToDouble(Figures::recall10).average().orElse(0),
                figures.stream().mapToDouble(Figures::ndcg10).average().orElse(0),
                figures.stream().mapToDouble(Figures::reciprocalRank).average().orElse(0));
    }

    private Figures figures(List<UUID> hits, Question question) {
        var relevant = new HashSet<UUID>();
        question.relevant().forEach(id -> relevant.add(documents.get(id)));
        var found = new HashSet<UUID>();
        int among5 = 0;
        double gain = 0;
        double reciprocalRank = 0;
        for (int i = 0; i < hits.size(); i++) {
            if (relevant.contains(hits.get(i)) && found.add(hits.get(i))) {
                gain += 1 / log2(i + 2);
                reciprocalRank = Math.max(reciprocalRank, 1.0 / (i + 1));
                among5 += i < 5 ? 1 : 0;
            }
        }
        double ideal = 0;
        for (int i = 0; i < Math.min(DEPTH, relevant.size()); i++) {
            ideal += 1 / log2(i + 2);
        }
        return new Figures(
                (double) among5 / relevant.size(),
                (double) found.size() / relevant.size(),
                gain / ideal,
                reciprocalRank);
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    private List<UUID> overHttp(Question question) throws IOException, InterruptedException {
        var hits = new ArrayList<UUID>();
        service.send("/search", account, Map.of("query", question.text(), "limit", DEPTH))
                .get("passages")
                .forEach(passage ->
                        hits.add(UUID.fromString(passage.get("document_id").asText())));
        return hits;
    }

    private void measureDeclining() {
        List<Double> unanswerable = similarities(Question::isUnanswerable);
        List<Double> answerable = similarities(question -> !question.relevant().isEmpty());
        System.out.printf(
                "  declined by the similarity of the best passage, with history; an unanswerable question has a lower one"
                        + " than an answerable one in %.3f of all pairs%n",
                lowerIn(unanswerable, answerable));
        for (double threshold : THRESHOLDS) {
            System.out.printf(
                    "    below %.2f: %.3f of %d unanswerable, %.3f of %d answerable%n",
                    threshold,
                    shareBelow(threshold, unanswerable),
                    unanswerable.size(),
                    shareBelow(threshold, answerable),
                    answerable.size());
        }
        long declined = questions.stream()
                .filter(Question::isUnanswerable)
                .filter(question -> retrieval
                        .conversation(owner, question.text(), question.earlier(), DEPTH)
                        .isEmpty())
                .count();
        System.out.printf("    by default: %d of %d unanswerable%n", declined, unanswerable.size());
    }

    private List<Double> similarities(Predicate<Question> which) {
        return questions.stream()
                .filter(which)
                .map(question -> retrieval.similarity(owner, question.text(), question.earlier()))
                .toList();
    }

    private static double shareBelow(double threshold, List<Double> values) {
        return (double) values.stream().filter(value -> value < threshold).count() / values.size();
    }

    private static double lowerIn(List<Double> lower, List<Double> higher) {
        return lower.stream()
                .mapToDouble(low ->
                        (double) higher.stream().filter(high -> low < high).count() / higher.size())
                .average()
                .orElse(0);
    }

    private Map<String, UUID> upload(Path passages) throws Exception {
        var uploaded = new HashMap<String, UUID>();
        for (String line : Files.readAllLines(passages)) {
            JsonNode passage = JSON.readTree(line);
            byte[] text = passage.get("text").asText().getBytes(StandardCharsets.UTF_8);
            uploaded.put(
                    passage.get("id").asText(), service.upload(account, "passage-" + uploaded.size() + ".txt", text));
        }
        for (UUID document : Set.copyOf(uploaded.values())) {
            service.awaitReady(account, document);
        }
        return uploaded;
    }

    private static List<Question> questions(Path file) throws IOException {
        var questions = new ArrayList<Question>();
        for (String line : Files.readAllLines(file)) {
            JsonNode question = JSON.readTree(line);
            var earlier = new ArrayList<Turn>();
            String asked = null;
            for (JsonNode message : question.get("history")) {
                if (message.get("role").asText().equals("user")) {
                    asked = message.get("content").asText();
                } else if (asked != null) {
                    earlier.add(new Turn(asked, message.get("content").asText()));
                    asked = null;
                }
            }
            var relevant = new ArrayList<String>();
            question.get("relevant").forEach(id -> relevant.add(id.asText()));
            questions.add(new Question(
                    question.get("collection").asText(),
                    question.get("answerability").asText().equals("UNANSWERABLE"),
                    question.get("question").asText(),
                    earlier,
                    relevant));
        }
        return questions;
    }
}
