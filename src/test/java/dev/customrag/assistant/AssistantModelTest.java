package dev.customrag.assistant;

import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Assistants with a model that the account cannot use. */
@QuarkusTest
@TestProfile(OnBedrock.class)
class AssistantModelTest {

    /** Used by no other test of this profile, as it is remembered for a while what the account may use. */
    private static final String MODEL = "amazon.nova-lite-v1:0";

    FakeBedrock bedrock;

    private Person alice;

    @BeforeEach
    void begin() {
        bedrock.reset();
        bedrock.lists().lacks(MODEL, "entitlementAvailability");
        alice = Person.registered();
    }

    @Test
    void aModelThatTheAccountWasNeverGivenIsLeftOutOfAFileAndRefusedElsewhere() {
        Map<String, String> assistant = Map.of("name", "Lite", "model_id", MODEL);

        alice.json(Map.of("format", "customrag-assistant", "version", 1, "assistant", assistant))
                .post("/assistants/import")
                .then()
                .statusCode(201)
                .body("assistant.model_id", nullValue())
                .body(
                        "notices",
                        contains("The model of the file is not available here. The assistant answers with the default"
                                + " model."));
        alice.json(assistant)
                .post("/assistants")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:customrag:problem:model-denied"));
    }
}
