package dev.customrag.openai;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtHandler;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Byte for byte what OpenAI's API answers, with citations beside. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class CompletionResourceTest {

    private static final String COMPLETIONS = "/v1/chat/completions";
    private static final String NOTICE = "The notice period is three months [1].";

    @TestHTTPResource(COMPLETIONS)
    URI completions;

    FakeBedrock bedrock;

    private Person alice;
    private String model;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
        alice.uploaded("lease.txt", "The notice period is three months to the end of a month.");
        model = alice.request().get("/assistants").path("items[0].id");
    }

    @Test
    void anAnswerHasTheShapeOfOpenAis() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer(NOTICE));

        Map<String, Object> answer = asking(Map.of())
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header("Cache-Control", "no-store")
                .body("id", startsWith("chatcmpl-"))
                .body("object", is("chat.completion"))
                .body("created", notNullValue())
                .body("model", is(model))
                .body("choices", hasSize(1))
                .body("choices[0].index", is(0))
                .body("choices[0].message.role", is("assistant"))
                .body("choices[0].message.content", is(NOTICE))
                .body("choices[0].message.refusal", nullValue())
                .body("choices[0].logprobs", nullValue())
                .body("choices[0].finish_reason", is("stop"))
                .body("usage.prompt_tokens_details.cached_tokens", notNullValue())
                .body("citations.number", contains(1))
                .body("citations.filename", contains("lease.txt"))
                .extract()
                .path("");

        assertThat(answer).containsOnlyKeys("id", "object", "created", "model", "choices", "usage", "citations");
        Map<String, Integer> usage = usage(answer);
        assertThat(usage.get("prompt_tokens")).isPositive();
        assertThat(usage.get("completion_tokens")).isEqualTo(7);
        assertThat(usage.get("total_tokens")).isEqualTo(usage.get("prompt_tokens") + 7);
    }

    @Test
    void aStreamHasTheShapeOfOpenAis() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer(NOTICE));

        List<String> lines = streaming(Map.of("stream_options", Map.of("include_usage", true)));

        assertThat(lines).allSatisfy(line -> assertThat(line).startsWith("data: "));
        assertThat(lines.getLast()).isEqualTo("data: [DONE]");
        List<JsonObject> chunks = lines.subList(0, lines.size() - 1).stream()
                .map(line -> new JsonObject(line.substring(6)))
                .toList();
        assertThat(chunks).allSatisfy(chunk -> {
            assertThat(chunk.getString("id"))
                    .startsWith("chatcmpl-")
                    .isEqualTo(chunks.getFirst().getString("id"));
            assertThat(chunk.getString("object")).isEqualTo("chat.completion.chunk");
            assertThat(chunk.getString("model")).isEqualTo(model);
            assertThat(chunk.getLong("created")).isPositive();
        });
        assertThat(choice(chunks.getFirst()).encode())
                .isEqualTo("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
                        + "\"finish_reason\":null}");
        StringBuilder text = new StringBuilder();
        for (JsonObject chunk : chunks.subList(1, chunks.size() - 2)) {
            assertThat(choice(chunk).getJsonObject("delta").fieldNames()).containsExactly("content");
            assertThat(choice(chunk).getString("finish_reason")).isNull();
            text.append(choice(chunk).getJsonObject("delta").getString("content"));
        }
        assertThat(text).hasToString(NOTICE);
        JsonObject ending = chunks.get(chunks.size() - 2);
        assertThat(choice(ending).getJsonObject("delta")).isEmpty();
        assertThat(choice(ending).getString("finish_reason")).isEqualTo("stop");
        assertThat(ending.getJsonArray("citations").getJsonObject(0).getString("filename"))
                .isEqualTo("lease.txt");
        assertThat(chunks.getLast().getJsonArray("choices")).isEmpty();
        assertThat(chunks.getLast().getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(7);
    }

    @Test
    void aStreamSaysWhatItTookOnlyWhereItIsAsked() throws Exception {
        assertThat(streaming(Map.of())).noneMatch(line -> line.contains("\"usage\""));
    }

    @Test
    void tokensAreSentOnAsTheyCome() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly("One two three four five six.", Duration.ofMillis(200)));

        var arrived = new ArrayList<Long>();
        try (var stream = new Stream(Map.of())) {
            while (stream.next() != null) {
                arrived.add(System.nanoTime());
            }
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(arrived.getLast() - arrived.get(1)))
                .isGreaterThan(600);
    }

    @Test
    void theConversationReachesTheModelInTurns() {
        List<Map<String, Object>> messages = List.of(
                message("assistant", "Hello, ask me anything."),
                message("system", "Answer in English."),
                message("user", "Is there a lease?"),
                message("assistant", "Yes."),
                Map.of("role", "developer", "content", "Be brief."),
                message("user", "Good."),
                Map.of(
                        "role",
                        "user",
                        "content",
                        List.of(
                                Map.of("type", "text", "text", "What is the"),
                                Map.of("type", "text", "text", "notice period?"))));

        asking(Map.of("messages", messages)).then().statusCode(200);

        BedrockRequest request = bedrock.requests("converse-stream").getLast();
        assertThat(request.system()).contains("Answer in English.", "Be brief.");
        assertThat(request.body().getJsonArray("messages").stream().map(each -> ((JsonObject) each).getString("role")))
                .containsExactly("user", "assistant", "user");
        assertThat(request.lastMessage()).startsWith("Good.\n\nWhat is the\nnotice period?");
        assertThat(request.body().getJsonArray("messages").encode()).doesNotContain("Hello, ask me");
    }

    @Test
    void theAssistantsSettingsCountUnlessTheRequestSaysOtherwise() {
        changeAssistant(Map.of("instructions", "Speak like a pirate.", "temperature", 0.3, "max_tokens", 50));

        asking(Map.of()).then().statusCode(200);
        JsonObject own = bedrock.requests("converse-stream").getLast().body().getJsonObject("inferenceConfig");
        asking(Map.of("temperature", 1.7, "max_tokens", 30, "max_completion_tokens", 20))
                .then()
                .statusCode(200);
        BedrockRequest request = bedrock.requests("converse-stream").getLast();

        assertThat(own.getFloat("temperature")).isEqualTo(0.3f);
        assertThat(own.getInteger("maxTokens")).isEqualTo(50);
        assertThat(request.body().getJsonObject("inferenceConfig").getFloat("temperature"))
                .isEqualTo(1f);
        assertThat(request.body().getJsonObject("inferenceConfig").getInteger("maxTokens"))
                .isEqualTo(20);
        assertThat(request.system()).contains("Speak like a pirate.");
    }

    @Test
    void anAnswerThatIsCutSaysSo() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("One two three four five."));

        asking(Map.of("max_tokens", 3))
                .then()
                .body("choices[0].message.content", is("One two three "))
                .body("choices[0].finish_reason", is("length"));
        assertThat(streaming(Map.of("max_tokens", 3))).anyMatch(line -> line.contains("\"finish_reason\":\"length\""));
    }

    @Test
    void anAnswerEndsBeforeTheTextsToStopAt() throws Exception {
        bedrock.always(
                FakeBedrock.NOVA, BedrockScript.slowly("Three months [1]. Then STOP here.", Duration.ofMillis(100)));

        asking(Map.of("stop", List.of("STOP", "never")))
                .then()
                .statusCode(200)
                .body("choices[0].message.content", is("Three months [1]. Then "))
                .body("choices[0].finish_reason", is("stop"))
                .body("citations.number", contains(1))
                .body("", not(hasKey("usage")));
        assertThat(bedrock.requests("converse-stream").getLast().closedEarly()).succeedsWithin(Duration.ofSeconds(2));
        assertThat(streaming(Map.of("stop", "Then")))
                .noneMatch(line -> line.contains("Then"))
                .anyMatch(line -> line.contains("\"finish_reason\":\"stop\""))
                .endsWith("data: [DONE]");
    }

    @Test
    void nothingIsStored() {
        asking(Map.of("store", true)).then().statusCode(200);

        alice.request().get("/sessions").then().body("items", empty());
        assertThat(Sql.query(
                        "SELECT 1 FROM chat_messages m WHERE m::text LIKE '%notice period%' AND m.session_id IN"
                                + " (SELECT id FROM chat_sessions WHERE owner_id = ?)",
                        alice.id()))
                .isEmpty();
    }

    @Test
    void assistantsAreListedAsModels() {
        String second = alice.json(Map.of("name", "Contracts / all"))
                .post("/assistants")
                .path("id");

        alice.request()
                .get("/v1/models")
                .then()
                .statusCode(200)
                .body("object", is("list"))
                .body("data.id", contains(second, model))
                .body("data.object", contains("model", "model"))
                .body("data.owned_by", contains("customrag", "customrag"))
                .body("data.name", contains("Contracts / all", "Assistant"));
        alice.request().get("/v1/models/{id}", second).then().statusCode(200).body("id", is(second));
        alice.request()
                .get("/v1/models/{id}", "Assistant")
                .then()
                .statusCode(200)
                .body("id", is(model))
                .body("created", notNullValue());
        asking(Map.of("model", "Contracts / all")).then().statusCode(200).body("model", is(second));
    }

    @Test
    void aNameOfSeveralNamesNone() {
        alice.json(Map.of("name", "Assistant")).post("/assistants").then().statusCode(201);

        expect(asking(Map.of("model", "Assistant")), 404, "model_not_found")
                .then()
                .body("error.message", containsString("Several"));
    }

    @Test
    void anotherPersonsAssistantLooksLikeNone() {
        Person bob = Person.registered();

        for (Response refused : List.of(
                bob.json(request(Map.of())).post(COMPLETIONS),
                bob.request().get("/v1/models/{id}", model),
                alice.request().urlEncodingEnabled(false).get("/v1/models/%00"),
                asking(Map.of("model", UUID.randomUUID().toString())),
                asking(Map.of("model", "gpt-4o")))) {
            expect(refused, 404, "model_not_found");
        }
        assertThat(bedrock.requests("converse-stream")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET /v1/models", "GET /v1/models/x", "POST /v1/chat/completions"})
    void nobodyIsAnsweredWithoutAKey(String call) {
        String method = call.split(" ")[0];
        String path = call.split(" ")[1];

        expect(given().contentType(ContentType.JSON).body("{}").request(method, path), 401, "invalid_api_key")
                .then()
                .header("WWW-Authenticate", "Bearer");
        expect(
                Person.bearing("sk-of-openai")
                        .contentType(ContentType.JSON)
                        .body("{}")
                        .request(method, path),
                401,
                "invalid_api_key");
        expect(
                Person.bearing("cra_not-one-of-ours")
                        .contentType(ContentType.JSON)
                        .body("{}")
                        .request(method, path),
                401,
                "invalid_api_key");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            messages                 | "messages": []
            messages                 | "messages": null
            messages                 | "messages": [{"role": "user", "content": " "}]
            messages                 | "messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]
            messages[0].role         | "messages": [{"role": "tool", "content": "a"}]
            messages[0].role         | "messages": [{"content": "a"}]
            messages[0]              | "messages": [null]
            messages[0].content      | "messages": [{"role": "user", "content": 5}]
            messages[0].content      | "messages": [{"role": "user", "content": "a\\u0000"}]
            messages[0].content[0].type | "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}]
            messages[0].content[0].text | "messages": [{"role": "user", "content": [{"type": "text"}]}]
            messages[0].tool_calls   | "messages": [{"role": "assistant", "tool_calls": [{"id": "1"}]}, {"role": "user", "content": "a"}]
            model                    | "model": ""
            model                    | "model": {}
            temperature              | "temperature": 2.1
            temperature              | "temperature": "warm"
            top_p                    | "top_p": 0
            max_tokens               | "max_tokens": 0
            max_completion_tokens    | "max_completion_tokens": 99999999999
            n                        | "n": 2
            stop                     | "stop": ["a", "b", "c", "d", "e"]
            stop                     | "stop": [""]
            stop                     | "stop": 5
            stream                   | "stream": "perhaps"
            tools                    | "tools": [{"type": "function", "function": {"name": "f"}}]
            functions                | "functions": [{"name": "f"}]
            response_format          | "response_format": {"type": "json_object"}
            modalities               | "modalities": ["text", "audio"]
            logprobs                 | "logprobs": true
            """)
    void whatCannotBeHadIsRefusedByName(String param, String member) {
        String body = new JsonObject(request(Map.of()))
                .mergeIn(new JsonObject("{" + member + "}"))
                .encode();

        expect(alice.json(body).post(COMPLETIONS), 400, "invalid_value")
                .then()
                .body("error.type", is("invalid_request_error"))
                .body("error.param", is(param));
        assertThat(bedrock.requests("converse-stream")).isEmpty();
    }

    @Test
    void harmlessMembersAreIgnored() {
        asking(Map.of(
                        "user",
                        "ada",
                        "seed",
                        7,
                        "n",
                        1,
                        "presence_penalty",
                        0.5,
                        "logit_bias",
                        Map.of(),
                        "tools",
                        List.of(),
                        "response_format",
                        Map.of("type", "text"),
                        "metadata",
                        Map.of("a", "b")))
                .then()
                .statusCode(200);
    }

    @Test
    void whatIsNoRequestIsRefusedInOpenAisWords() throws IOException {
        expect(alice.json("{").post(COMPLETIONS), 400, "malformed_json");
        expect(alice.json("[]").post(COMPLETIONS), 400, "malformed_json");
        expect(alice.request().contentType("text/plain").body("x").post(COMPLETIONS), 415, "unsupported_media_type");
        expect(alice.request().get(COMPLETIONS), 405, "method_not_allowed");
        expect(alice.request().get("/v1/embeddings"), 404, "not_found");
        expect(
                asking(Map.of("messages", List.of(message("user", "a".repeat(32_001))))),
                400,
                "context_length_exceeded");
        expect(asking(Map.of("messages", List.of(message("user", "a".repeat(1024 * 1024))))), 413, "too_large");
    }

    @Test
    void failuresOfTheModelHaveTheirStatus() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.deny());
        expect(asking(Map.of()), 403, "model_denied");
        expect(asking(Map.of("stream", true)), 403, "model_denied");
        bedrock.always(FakeBedrock.NOVA, BedrockScript.throttle());
        expect(asking(Map.of("stream", true)), 429, "rate_limit_exceeded")
                .then()
                .header("Retry-After", notNullValue())
                .body("error.type", is("rate_limit_error"));
        bedrock.always(FakeBedrock.NOVA, BedrockScript.tooLong());
        expect(asking(Map.of()), 400, "context_length_exceeded");
    }

    @Test
    void aStreamThatBreaksOffSaysSo() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.breakOffAfter(3));

        List<String> lines = streaming(Map.of());

        assertThat(lines).noneMatch(line -> line.contains("[DONE]") || line.contains("\"finish_reason\":\"stop\""));
        JsonObject error = new JsonObject(lines.getLast().substring(6)).getJsonObject("error");
        assertThat(error.getString("type")).isEqualTo("server_error");
        assertThat(error.getString("code")).isEqualTo("model_unavailable");
        assertThat(error.getString("message")).isNotBlank();
        assertThat(error.fieldNames()).containsExactly("message", "type", "param", "code");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoGoesAwayEndsTheCallOfTheModel(boolean stream) throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.silence());
        byte[] body = new JsonObject(request(Map.of("stream", stream))).encode().getBytes(StandardCharsets.UTF_8);

        try (var socket = new Socket(completions.getHost(), completions.getPort())) {
            socket.getOutputStream()
                    .write(("POST " + COMPLETIONS + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + alice.accessToken() + "\r\nContent-Type: application/json\r\nContent-Length: "
                                    + body.length + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            bedrock.awaitRequest("converse-stream");
        }

        assertThat(bedrock.requests("converse-stream").getLast().closedEarly()).succeedsWithin(Duration.ofSeconds(1));
    }

    @Test
    void whoGoesAwayInTheMiddleEndsTheCallOfTheModel() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.stallAfter(2));

        try (var stream = new Stream(Map.of())) {
            assertThat(stream.next()).contains("assistant");
            assertThat(stream.next()).contains("content");
        }

        assertThat(bedrock.requests("converse-stream").getLast().closedEarly()).succeedsWithin(Duration.ofSeconds(1));
    }

    @Test
    void whoGoesAwayIsNoFaultInTheLog() throws Exception {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly("word ".repeat(200), Duration.ofMillis(5)));
        var faults = new CopyOnWriteArrayList<String>();
        var listener = new ExtHandler() {

            @Override
            protected void doPublish(ExtLogRecord record) {
                if (record.getLevel().intValue() >= Level.ERROR.intValue()) {
                    faults.add(record.getMessage());
                }
            }
        };
        Logger.getLogger("").addHandler(listener);
        try {
            for (int i = 0; i < 5; i++) {
                try (var stream = new Stream(Map.of())) {
                    assertThat(stream.next()).contains("assistant");
                    assertThat(stream.next()).contains("content");
                }
            }
            assertThat(bedrock.requests("converse-stream"))
                    .allSatisfy(request -> assertThat(request.closedEarly()).succeedsWithin(Duration.ofSeconds(1)));
        } finally {
            Logger.getLogger("").removeHandler(listener);
        }
        assertThat(faults).isEmpty();
    }

    @Test
    void manyAtOnceAreKeptApart() {
        List<String> names = Together.call(8, () -> {
            String name = "Question " + UUID.randomUUID();
            String answer =
                    asking(Map.of("messages", List.of(message("user", name)))).path("choices[0].message.content");
            return bedrock.requests("converse-stream").stream()
                                    .filter(request -> request.lastMessage().startsWith(name))
                                    .count()
                            == 1
                    ? answer
                    : "";
        });

        assertThat(names).hasSize(8).allSatisfy(answer -> assertThat(answer).isNotEmpty());
    }

    private Map<String, Object> request(Map<String, Object> members) {
        var request = new HashMap<String, Object>(
                Map.of("model", model, "messages", List.of(message("user", "How long is the notice period?"))));
        request.putAll(members);
        return request;
    }

    private Response asking(Map<String, Object> members) {
        return alice.json(request(members)).post(COMPLETIONS);
    }

    private void changeAssistant(Map<String, Object> change) {
        alice.json(change).patch("/assistants/{id}", model).then().statusCode(200);
    }

    /** The lines of a stream that are not empty. */
    private List<String> streaming(Map<String, Object> members) throws Exception {
        try (var stream = new Stream(members)) {
            var lines = new ArrayList<String>();
            for (String line = stream.next(); line != null; line = stream.next()) {
                lines.add(line);
            }
            return lines;
        }
    }

    /** A stream, line by line. */
    private final class Stream implements AutoCloseable {

        private final HttpClient client = HttpClient.newHttpClient();
        private final HttpResponse<InputStream> response;
        private final BufferedReader lines;

        Stream(Map<String, Object> members) throws IOException, InterruptedException {
            JsonObject body = new JsonObject(request(members)).put("stream", true);
            var request = HttpRequest.newBuilder(completions)
                    .header("Authorization", "Bearer " + alice.accessToken())
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
                    .build();
            response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        /** Null at the end. */
        String next() throws IOException {
            String line = lines.readLine();
            while (line != null && line.isEmpty()) {
                line = lines.readLine();
            }
            return line;
        }

        @Override
        public void close() throws IOException {
            lines.close();
            client.shutdownNow();
        }
    }

    private static Map<String, Object> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }

    private static JsonObject choice(JsonObject chunk) {
        return chunk.getJsonArray("choices").getJsonObject(0);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Integer> usage(Map<String, Object> answer) {
        return (Map<String, Integer>) answer.get("usage");
    }

    private static Response expect(Response answer, int status, String code) {
        answer.then()
                .statusCode(status)
                .contentType("application/json")
                .body("error.message", notNullValue())
                .body("error.code", is(code));
        assertThat(answer.<Map<String, Object>>path("error")).containsOnlyKeys("message", "type", "param", "code");
        return answer;
    }
}
