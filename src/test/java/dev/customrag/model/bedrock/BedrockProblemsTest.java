package dev.customrag.model.bedrock;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a caller is told of a model's failure beyond its status. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class BedrockProblemsTest {

    FakeBedrock bedrock;

    private Person alice;
    private String session;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
        session = alice.json(Map.of())
                .post("/sessions")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private ValidatableResponse ask(String question) {
        return alice.json(Map.of("content", question, "retrieval", false))
                .post("/sessions/{id}/messages", session)
                .then()
                .contentType("application/problem+json");
    }

    @Test
    void aThrottledModelSaysWhenToComeBack() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.throttle(42));

        ask("Who?")
                .statusCode(429)
                .header("Retry-After", "42")
                .body("type", equalTo("urn:customrag:problem:model-throttled"))
                .body("retry_after", equalTo(42));
    }

    @Test
    void aQuestionThatIsTooLongIsRefusedWithTheFigures() {
        bedrock.always(FakeBedrock.NOVA, BedrockScript.window(1_000));

        ask("word ".repeat(6_000))
                .statusCode(422)
                .body("type", equalTo("urn:customrag:problem:model-input-too-long"))
                .body("max_tokens", equalTo(1_000))
                .body("tokens", greaterThan(5_999))
                .body("detail", containsString(" of 1,000 at most"));
    }
}
