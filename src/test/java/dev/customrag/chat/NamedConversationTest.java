package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What models are asked for beside the answers of a conversation, over HTTP. */
@QuarkusTest
@TestProfile(NamedConversationTest.WithTitles.class)
class NamedConversationTest {

    /** As {@link OnBedrock}, with titles, and budgets nobody reaches. */
    public static class WithTitles implements QuarkusTestProfile {

        @Override
        public List<TestResourceEntry> testResources() {
            return new OnBedrock().testResources();
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("chat.model-titles", "true", "usage.budgets.tokens-per-day", "1000000000");
        }
    }

    private static final String QUESTION =
            "How long is the notice period of the flat in the lease that I signed last year with the landlord in Bonn?";
    private static final String CUT = "How long is the notice period of the flat in the lease that I signed last year…";

    /** The first call for a question, that of its embedding. */
    private static final BedrockScript EMBEDDING = BedrockScript.answer(null);

    FakeBedrock bedrock;

    private Person alice;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
    }

    private String session(Map<String, ?> settings) {
        return alice.json(settings)
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private Response ask(String session, String question) {
        return alice.json(Map.of("content", question)).post("/sessions/{id}/messages", session);
    }

    private String title(String session) {
        return alice.request().get("/sessions/{id}", session).path("title");
    }

    private List<Object> purposes() {
        return Sql.query(
                "SELECT purpose FROM model_calls WHERE owner_id = ? AND purpose NOT LIKE '%embedding' ORDER BY id",
                alice.id());
    }

    private void awaitCalls(int calls) {
        await().atMost(Duration.ofSeconds(10)).until(() -> purposes().size() == calls);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aModelsTitleComesInThePlaceOfTheCutQuestion(boolean ephemeral) {
        String session = session(Map.of("ephemeral", ephemeral));
        bedrock.next(
                EMBEDDING,
                BedrockScript.answer("Three months."),
                new BedrockScript.SlowStart(
                        Duration.ofSeconds(1), BedrockScript.answer("\"Notice period of the flat\"")));

        ask(session, QUESTION).then().statusCode(201);

        assertThat(title(session)).isEqualTo(CUT);
        await().atMost(Duration.ofSeconds(10)).until(() -> title(session), "Notice period of the flat"::equals);
        awaitCalls(2);
        assertThat(purposes()).containsExactlyInAnyOrder("answer", "title");
        assertThat(bedrock.requests("converse-stream").getLast().lastMessage())
                .contains(QUESTION)
                .contains("Three months.");
    }

    @Test
    void aPersonsOwnTitleIsNotReplaced() {
        String named = session(Map.of("title", "My lease"));
        ask(named, QUESTION).then().statusCode(201);
        assertThat(title(named)).isEqualTo("My lease");
        assertThat(purposes()).containsExactly("answer");

        String renamed = session(Map.of());
        bedrock.next(
                EMBEDDING,
                BedrockScript.answer("Three months."),
                new BedrockScript.SlowStart(Duration.ofSeconds(1), BedrockScript.answer("Notice period")));
        ask(renamed, QUESTION).then().statusCode(201);
        alice.json(Map.of("title", "Mine"))
                .patch("/sessions/{id}", renamed)
                .then()
                .statusCode(200);
        awaitCalls(3);

        assertThat(title(renamed)).isEqualTo("Mine");
    }

    @Test
    void theCutQuestionStaysWhereNoTitleIsMade() {
        String session = session(Map.of());
        bedrock.next(EMBEDDING, BedrockScript.answer("Three months."), BedrockScript.deny());

        ask(session, QUESTION).then().statusCode(201);
        awaitCalls(2);
        assertThat(title(session)).isEqualTo(CUT);

        ask(session, "And the rent?").then().statusCode(201);
        awaitCalls(4);
        assertThat(purposes()).containsExactlyInAnyOrder("answer", "title", "condensing", "answer");
        assertThat(title(session)).isEqualTo(CUT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theFirstWholeAnswerGivesTheTitle(boolean ephemeral) {
        String session = session(Map.of("ephemeral", ephemeral));
        bedrock.next(EMBEDDING, BedrockScript.deny());
        ask(session, QUESTION).then().statusCode(403);
        bedrock.next(EMBEDDING, BedrockScript.exceptionAfter(1, "validationException", "No."));
        ask(session, "And the rent?").then().statusCode(422);
        assertThat(title(session)).isEqualTo(CUT);

        bedrock.always(FakeBedrock.NOVA, BedrockScript.answer("Notice period"));
        ask(session, "How long is it?").then().statusCode(201);

        await().atMost(Duration.ofSeconds(10)).until(() -> title(session), "Notice period"::equals);
        ask(session, "Since when?").then().statusCode(201);
        assertThat(purposes()).containsOnlyOnce("title");
    }

    @Test
    void aTitleThatAPersonGaveAQuestionWithoutAnAnswerStays() {
        String session = session(Map.of());
        bedrock.next(EMBEDDING, BedrockScript.deny());
        ask(session, QUESTION).then().statusCode(403);
        alice.json(Map.of("title", "Mine"))
                .patch("/sessions/{id}", session)
                .then()
                .statusCode(200);

        ask(session, "How long is it?").then().statusCode(201);

        assertThat(purposes()).doesNotContain("title");
        assertThat(title(session)).isEqualTo("Mine");
    }

    @Test
    void whoStopsAnAnswerDoesNotWaitForTheFollowUpToBeCompleted() throws Exception {
        alice.uploaded("lease.txt", "The notice period is three months. The rent is 950 euros.");
        String session = session(Map.of("title", "My lease"));
        ask(session, QUESTION).then().statusCode(201);
        bedrock.forgetRequests();
        bedrock.next(BedrockScript.silence());
        var answer = CompletableFuture.supplyAsync(() -> ask(session, "And the rent?"));
        BedrockRequest rewriting = bedrock.awaitRequest("converse-stream");

        alice.request()
                .delete("/sessions/{id}/messages/current", session)
                .then()
                .statusCode(204);

        assertThat(rewriting.closesWithin(Duration.ofSeconds(1))).isTrue();
        answer.get(2, TimeUnit.SECONDS).then().statusCode(201).body("status", org.hamcrest.Matchers.equalTo("stopped"));
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
        assertThat(bedrock.requests("invoke")).isEmpty();
    }
}
