package dev.customrag.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.testing.ApiCalls;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What /q/openapi says about every call, compared with docs/api.md and with what the service does. */
@QuarkusTest
class ApiDescriptionTest {

    /** The calls that do not succeed with 200 alone, as docs/api.md lists them. */
    private static final Map<String, Set<String>> OTHER_SUCCESSES = Map.ofEntries(
            Map.entry("POST /auth/register", Set.of("201")),
            Map.entry("POST /auth/password/change", Set.of("204")),
            Map.entry("POST /auth/password/forgot", Set.of("202")),
            Map.entry("POST /auth/password/reset", Set.of("204")),
            Map.entry("POST /auth/email/verify", Set.of("204")),
            Map.entry("POST /auth/email/resend", Set.of("202")),
            Map.entry("POST /auth/email/change", Set.of("202")),
            Map.entry("DELETE /auth/me", Set.of("204")),
            Map.entry("POST /auth/logout-all", Set.of("204")),
            Map.entry("DELETE /auth/sessions/{id}", Set.of("204")),
            Map.entry("DELETE /auth/mfa/totp", Set.of("204")),
            Map.entry("POST /auth/api-keys", Set.of("201")),
            Map.entry("DELETE /auth/api-keys/{id}", Set.of("204")),
            Map.entry("GET /auth/oauth/{provider}", Set.of("303")),
            Map.entry("GET /auth/oauth/{provider}/callback", Set.of("200", "303")),
            Map.entry("DELETE /auth/identities/{id}", Set.of("204")),
            Map.entry("POST /documents", Set.of("200", "202")),
            Map.entry("GET /documents/{id}/content", Set.of("200", "304")),
            Map.entry("PUT /documents/{id}/content", Set.of("200", "202")),
            Map.entry("POST /documents/{id}/reingest", Set.of("202")),
            Map.entry("DELETE /documents/{id}", Set.of("204")),
            Map.entry("POST /assistants", Set.of("201")),
            Map.entry("DELETE /assistants/{id}", Set.of("204")),
            Map.entry("POST /assistants/{id}/duplicate", Set.of("201")),
            Map.entry("POST /assistants/import", Set.of("201")),
            Map.entry("POST /sessions", Set.of("201")),
            Map.entry("DELETE /sessions/{id}", Set.of("204")),
            Map.entry("DELETE /sessions", Set.of("204")),
            Map.entry("POST /sessions/{id}/messages", Set.of("200", "201", "202")),
            Map.entry("POST /sessions/{id}/messages/{message_id}/regenerate", Set.of("200", "201", "202")),
            Map.entry("DELETE /sessions/{id}/messages/current", Set.of("204")));

    /** Those that answer with one status in JSON and as events. */
    private static final Set<String> ALSO_STREAMS =
            Set.of("GET /sessions/{id}/messages/{message_id}", "GET /sessions/{id}/messages/current");

    private JsonNode document;
    private Map<String, JsonNode> operations;

    @BeforeEach
    void read() throws Exception {
        document = new ObjectMapper()
                .readTree(given().accept(ContentType.JSON).get("/q/openapi").asByteArray());
        operations = new TreeMap<>();
        document.get("paths").properties().forEach(path -> {
            // What tests add.
            if (!path.getKey().startsWith("/faulty") && !path.getKey().equals("/forgetful")) {
                path.getValue()
                        .properties()
                        .forEach(operation -> operations.put(
                                operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                operation.getValue()));
            }
        });
        assertThat(operations).containsKeys("POST /auth/login", "GET /models");
    }

    @Test
    void everyCallHasASummary() {
        operations.forEach((call, operation) -> assertThat(
                        operation.path("summary").asText().split(" "))
                .as(call)
                .hasSizeGreaterThan(1));
    }

    @Test
    void everyCallSucceedsAsTheContractSays() {
        assertThat(operations.keySet()).containsAll(OTHER_SUCCESSES.keySet());
        operations.forEach((call, operation) -> assertThat(statuses(operation))
                .as(call)
                .filteredOn(status -> status.compareTo("400") < 0)
                .containsExactlyInAnyOrderElementsOf(OTHER_SUCCESSES.getOrDefault(call, Set.of("200"))));
    }

    @Test
    void everyAnswerWithContentSaysWhichContent() {
        operations.forEach(
                (call, operation) -> operation.get("responses").properties().forEach(response -> {
                    boolean withContent = Set.of("200", "201").contains(response.getKey())
                            || call.equals("POST /documents")
                            || call.startsWith("POST /sessions/{id}/messages")
                            || call.equals("PUT /documents/{id}/content")
                            || call.equals("POST /documents/{id}/reingest");
                    if (response.getKey().compareTo("400") < 0) {
                        assertThat(response.getValue().path("content").size())
                                .as(call + " " + response.getKey())
                                .isEqualTo(!withContent ? 0 : ALSO_STREAMS.contains(call) ? 2 : 1);
                    }
                }));
    }

    @Test
    void everyFailureOfACallAfterOpenAiIsOneOfOpenAis() {
        assertThat(operations).containsKey("POST /v1/chat/completions");
        operations.entrySet().stream()
                .filter(operation -> operation.getKey().contains(" /v1/"))
                .forEach(operation -> operation.getValue().get("responses").properties().stream()
                        .filter(response -> response.getKey().compareTo("400") >= 0)
                        .forEach(response -> {
                            JsonNode content = response.getValue().path("content");
                            assertThat(content.properties())
                                    .as(operation.getKey())
                                    .hasSize(1);
                            assertThat(content.at("/application~1json/example/error/message")
                                            .asText())
                                    .isNotBlank();
                            assertThat(content.at("/application~1json/schema/$ref")
                                            .asText())
                                    .isEqualTo("#/components/schemas/OpenAiError");
                        }));
    }

    @Test
    void everyFailureIsAProblem() {
        operations.keySet().removeIf(call -> call.contains(" /v1/"));
        operations.forEach(
                (call, operation) -> operation.get("responses").properties().forEach(response -> {
                    if (response.getKey().compareTo("400") >= 0) {
                        JsonNode content = response.getValue().path("content");
                        assertThat(response.getValue().path("description").asText())
                                .as(call + " " + response.getKey())
                                .isNotBlank();
                        assertThat(content.properties()).as(call).hasSize(1);
                        JsonNode example =
                                content.path("application/problem+json").path("example");
                        assertThat(example.path("status").asText()).as(call).isEqualTo(response.getKey());
                        assertThat(example.findValues("errors")).as(call).allSatisfy(errors -> assertThat(
                                        errors.path(0).has("field"))
                                .isTrue());
                        assertThat(content.path("application/problem+json")
                                        .path("schema")
                                        .path("$ref")
                                        .asText())
                                .as(call)
                                .isEqualTo("#/components/schemas/Problem");
                    }
                }));
        assertThat(schema("Problem").get("properties").properties())
                .extracting(Map.Entry::getKey)
                .containsExactlyInAnyOrder("type", "title", "status", "detail", "errors");
        assertThat(operations.get("POST /search").at("/responses/422/content").findValues("errors"))
                .isNotEmpty();
    }

    @Test
    void onlyPublicCallsNeedNoToken() {
        Set<String> secured = ApiCalls.protectedOnes().stream()
                .map(call -> call.method() + " " + call.template())
                .collect(Collectors.toSet());

        operations.forEach((call, operation) -> {
            assertThat(operation.path("security").path(0).has("bearer"))
                    .as(call)
                    .isEqualTo(secured.contains(call));
            if (secured.contains(call)) {
                assertThat(statuses(operation)).as(call).contains("401");
            }
        });
        assertThat(document.get("components").get("securitySchemes").has("bearer"))
                .isTrue();
        assertThat(document.has("security")).isFalse();
    }

    /** Those that some calls describe in words of their own are tested with these calls. */
    @Test
    void aBadRequestIsOneThatTheServiceGives() {
        Person person = Person.administrator();
        operations.forEach((call, operation) -> {
            String method = call.substring(0, call.indexOf(' '));
            String path = call.substring(call.indexOf(' ') + 1)
                    .replaceAll("\\{[^}]+}", UUID.randomUUID().toString());
            if (operation.path("requestBody").path("content").has("application/json")) {
                assertThat(statuses(operation)).as(call).contains("400");
                assertThat(statuses(operation).contains("422")).as(call).isNotEqualTo(path.startsWith("/v1/"));
                assertThat(person.request()
                                .contentType(ContentType.JSON)
                                .body("{")
                                .request(method, path)
                                .statusCode())
                        .as(call)
                        .isEqualTo(400);
            } else if (parameters(operation).contains("cursor")) {
                assertThat(statuses(operation)).as(call).contains("400", "422");
                if (!path.equals(call.substring(call.indexOf(' ') + 1))) {
                    return;
                }
                person.request().queryParam("cursor", "none").get(path).then().statusCode(400);
                person.request().queryParam("limit", 0).get(path).then().statusCode(422);
            } else if (!call.equals("GET /auth/oauth/{provider}/callback")) {
                assertThat(statuses(operation)).as(call).doesNotContain("400");
            }
        });
    }

    @Test
    void everythingThatCanBeSentHasAnExample() {
        Set<String> sent = new TreeSet<>();
        operations.values().forEach(operation -> operation
                .path("requestBody")
                .findValuesAsText("$ref")
                .forEach(ref -> sent.add(ref.substring(ref.lastIndexOf('/') + 1))));

        assertThat(sent).contains("RegisterRequest", "AskRequest", "SearchRequest");
        for (String name : sent) {
            schema(name).path("properties").properties().forEach(property -> assertThat(
                            property.getValue().has("$ref")
                                    || property.getValue().path("examples").size() == 1)
                    .as(name + "." + property.getKey() + " needs an example in ApiDescription")
                    .isTrue());
        }
        assertThat(schema("RegisterRequest")
                        .at("/properties/first_name/examples/0")
                        .asText())
                .isEqualTo("Ada");
    }

    @Test
    void examplesAreAccepted() {
        var registration = new TreeMap<String, Object>();
        schema("RegisterRequest")
                .get("properties")
                .properties()
                .forEach(property -> registration.put(
                        property.getKey(), property.getValue().at("/examples/0").asText()));
        registration.put("email", UUID.randomUUID() + "@example.org");
        given().contentType(ContentType.JSON)
                .body(registration)
                .post("/auth/register")
                .then()
                .statusCode(201);

        Person person = Person.registered();
        String key = "{\"name\": %s, \"expires_at\": %s}"
                .formatted(example("NewKey", "name"), example("NewKey", "expires_at"));
        person.request()
                .contentType(ContentType.JSON)
                .body(key)
                .post("/auth/api-keys")
                .then()
                .statusCode(201);
        for (var request : Map.of(
                        "/search", "SearchRequest", "/sessions", "NewSession", "/assistants", "AssistantRequest")
                .entrySet()) {
            assertThat(person.request()
                            .contentType(ContentType.JSON)
                            .body(schema(request.getValue()).at("/examples/0").toString())
                            .post(request.getKey())
                            .statusCode())
                    .as(request.getKey())
                    .isIn(200, 201);
        }
    }

    @Test
    void schemasHaveNamesAndMembersAsOnTheWire() {
        document.get("components").get("schemas").properties().forEach(schema -> {
            assertThat(schema.getKey()).doesNotMatch(".*[0-9]");
            schema.getValue().path("properties").properties().forEach(property -> assertThat(property.getKey())
                    .as(schema.getKey())
                    .matches("[a-z0-9_]+"));
        });
        assertThat(document.get("components").get("schemas").properties())
                .extracting(Map.Entry::getKey)
                .doesNotContain("OutboundSseEvent", "MediaType", "UUID", "Instant");
    }

    @Test
    void streamsOfEventsAreToldApart() {
        JsonNode answers = operations.get("POST /sessions/{id}/messages").get("responses");
        assertThat(answers.at("/200/content").has("text/event-stream")).isTrue();
        assertThat(answers.at("/200/content").size()).isEqualTo(1);
        assertThat(answers.at("/201/content").has("application/json")).isTrue();
        assertThat(answers.at("/201/content").size()).isEqualTo(1);
        assertThat(operations
                        .get("GET /documents/events")
                        .at("/responses/200/content")
                        .has("text/event-stream"))
                .isTrue();
    }

    private JsonNode schema(String name) {
        return document.get("components").get("schemas").get(name);
    }

    private String example(String schema, String property) {
        return schema(schema).get("properties").get(property).at("/examples/0").toString();
    }

    private static Set<String> statuses(JsonNode operation) {
        var statuses = new LinkedHashSet<String>();
        operation.get("responses").fieldNames().forEachRemaining(statuses::add);
        return statuses;
    }

    private static List<String> parameters(JsonNode operation) {
        List<String> names = new ArrayList<>();
        operation
                .path("parameters")
                .forEach(parameter -> names.add(parameter.path("name").asText()));
        return names;
    }
}
