package dev.customrag.model;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ModelResourceTest {

    @Test
    void theLocalModelsAreListedForWhatTheyAre() {
        Map<String, Object> page = Person.registered()
                .request()
                .get("/models")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getMap("");

        assertThat(page).containsOnlyKeys("items", "next_cursor").containsEntry("next_cursor", null);
        assertThat(page.get("items"))
                .isEqualTo(List.of(
                        local(
                                "local-extractive",
                                "Quotations from your documents (no language model)",
                                "CustomRAGAssistant",
                                "chat",
                                true),
                        local("bge-small-en-v1.5-q", "BGE small, English, v1.5", "BAAI", "embedding", false)));
    }

    private static Map<String, Object> local(String id, String name, String maker, String kind, boolean streaming) {
        var model = new HashMap<String, Object>(Map.of("source", "local", "regions", List.of()));
        // Within the service there is nothing to pay.
        model.put("price", Map.of("input", "0", "output", "0", "currency", "USD"));
        model.put("base_model", null);
        model.putAll(Map.of("id", id, "name", name, "provider", maker, "kind", kind, "streaming", streaming));
        return model;
    }

    @Test
    void strangersAreNotTold() {
        given().get("/models").then().statusCode(401);
    }
}
