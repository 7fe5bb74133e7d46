package dev.customrag.privacy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.model.ModelProvider;
import dev.customrag.model.bedrock.BedrockAt;
import dev.customrag.tenancy.PersonalData;
import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import io.quarkus.arc.All;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
class RetentionResourceTest {

    private static final String EUROPEAN = "eu.amazon.nova-pro-v1:0";

    /** Of nobody, or of the service itself. */
    private static final Set<String> IMPERSONAL = Set.of("flyway_schema_history", "embedding_target");

    private static FakeBedrock bedrock;

    @TestHTTPResource("/sessions/")
    URI sessions;

    @Inject
    @All
    List<PersonalData> rooms;

    private Person alice;

    @BeforeAll
    static void start() {
        bedrock = FakeBedrock.start();
    }

    @AfterAll
    static void stop() {
        bedrock.close();
    }

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
    }

    /** As after a start on an account that keeps nothing, or that somebody has changed the settings of by then. */
    private static void onBedrock() {
        ModelProvider models = BedrockAt.of(bedrock, Map.of("require-zero-retention", "true", "max-retries", "0"));
        QuarkusMock.installMockForType(models, ModelProvider.class);
    }

    private ValidatableResponse facts() {
        return alice.request().get("/privacy/retention").then().statusCode(200);
    }

    private String session() {
        return alice.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private Response ask(Map<String, ?> question) {
        return alice.json(question).post("/sessions/{id}/messages", session());
    }

    private static void assertRefused(Response response, String what) {
        response.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .body("type", endsWith(":retention-not-proven"))
                .body("detail", containsString(what));
    }

    @Test
    void localModelsSendNothingAnywhere() {
        facts().body("model_provider.source", equalTo("local"))
                .body("model_provider.leaves_service", equalTo(false))
                .body("model_provider.proven", equalTo(true))
                .body("model_provider.regions", empty())
                .body("model_provider.enforced", containsString("Nothing is sent"));
    }

    @Test
    void whatWasSeenAtTheProviderIsTold() {
        bedrock.lists().retention(BedrockLists.OTHER_REGION, "default");
        onBedrock();
        ask(Map.of("content", "Who are you?")).then().statusCode(201);
        assertRefused(ask(Map.of("content", "Who are you?", "model_id", EUROPEAN)), "in eu-west-1 is 'default'");

        facts().body("model_provider.source", equalTo("bedrock"))
                .body("model_provider.leaves_service", equalTo(true))
                .body("model_provider.required", equalTo(true))
                .body("model_provider.proven", equalTo(true))
                .body("model_provider.regions.region", equalTo(List.of(FakeBedrock.REGION, "eu-west-1")))
                .body("model_provider.regions.mode", equalTo(List.of("none", "default")))
                .body("model_provider.regions.invocation_logging", equalTo(List.of(false, false)))
                .body("model_provider.regions[0].checked_at", endsWith("Z"))
                .body("model_provider.regions[0].problem", nullValue())
                .body("model_provider.regions[1].problem", containsString("set it to 'none'"))
                .body("model_provider.unproven_models.model_id", hasItem(EUROPEAN))
                .body("model_provider.unproven_models.model_id", not(hasItem(FakeBedrock.NOVA)))
                .body("model_provider.enforced", containsString("Messages, Chat Completions and Responses"));
    }

    @Test
    void withoutProofNothingIsAskedOfModels() {
        bedrock.lists().logInvocations(FakeBedrock.REGION);
        onBedrock();

        assertRefused(ask(Map.of("content", "Who are you?")), "logging is on in eu-central-1");
        assertRefused(ask(Map.of("content", "Who are you?", "retrieval", false)), "logging is on in eu-central-1");
        assertRefused(alice.json(Map.of("query", "who")).post("/search"), "logging is on in eu-central-1");
        var question = new JsonObject(Map.of("content", "Who are you?", "retrieval", false));
        try (Sse stream = Sse.post(sessions.resolve(session() + "/messages"), alice.accessToken(), question.encode())) {
            assertThat(stream.rest().getLast().data().get("type").asText()).endsWith(":retention-not-proven");
        }
        assertThat(bedrock.requests()).allMatch(request -> request.modelId().isEmpty());
        facts().body("model_provider.proven", equalTo(false));
    }

    @Test
    void documentsWaitUntilItIsProven() {
        bedrock.lists().retention(FakeBedrock.REGION, "inherit");
        onBedrock();
        String document = alice.uploading("lease.txt", "The rent is 950 euros.".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> status(document)
                .equals("embedding"));
        Awaitility.await().during(Duration.ofSeconds(2)).until(() -> status(document)
                .matches("queued|parsing|embedding"));

        bedrock.lists().retention(FakeBedrock.REGION, "none");
        onBedrock();

        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> status(document)
                .equals("ready"));
    }

    private String status(String document) {
        return alice.request().get("/documents/{id}", document).path("status");
    }

    @Test
    void whatIsKeptHereIsToldWithItsTimes() {
        Map<String, Integer> kept = facts()
                .extract()
                .<Map<String, Object>>path("kept.collectEntries { [it.what, it.at_most_seconds] }")
                .entrySet()
                .stream()
                .filter(each -> each.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, each -> (Integer) each.getValue()));

        assertThat(kept)
                .containsEntry(
                        "Security events: what happened to an account, when, from which network and program",
                        (int) Duration.ofDays(365).toSeconds())
                .containsEntry("Ephemeral conversations: the same", 3_600)
                .containsEntry("Sign-ins: device, network, times, hashes of tokens", (int)
                        Duration.ofDays(97).toSeconds());
        facts().body("kept.find { it.what.startsWith('Conversations') }.until", containsString("until you delete"))
                .body("kept.find { it.what.startsWith('Conversations') }.where", equalTo("database"))
                .body("kept.find { it.what.startsWith('The files') }.where", containsString("database"))
                .body("kept.last().what", containsString("backups"));
    }

    @Test
    void everyTableIsSpokenOfOnce() {
        List<String> told = rooms.stream()
                .flatMap(room -> room.kept().stream())
                .flatMap(kept -> kept.tables().stream())
                .toList();
        Set<Object> there = Set.copyOf(Sql.query("""
                SELECT table_name::text FROM information_schema.tables
                WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
                """));

        assertThat(told).doesNotHaveDuplicates();
        assertThat(there)
                .as("a table that no PersonalData names: say what is kept in it, and until when")
                .filteredOn(table -> !IMPERSONAL.contains(table))
                .containsExactlyInAnyOrderElementsOf(told);
    }

    @Test
    void strangersAreNotTold() {
        given().get("/privacy/retention").then().statusCode(401);
        Person.bearing("nonsense").get("/privacy/retention").then().statusCode(401);
    }

    @Test
    void aKeyMayReadIt() {
        alice.withKey().request().get("/privacy/retention").then().statusCode(200);
    }
}
