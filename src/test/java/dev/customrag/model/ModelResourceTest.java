package dev.customrag.model;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Person;
import io.quarkus.test.junit.QuarkusTest;
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
                        Map.of(
                                "id",
                                "local-extractive",
                                "name",
                                "Quotations from your documents (no language model)",
                                "provider",
                                "CustomRAGAssistant",
                                "kind",
                                "chat",
                                "source",
                                "local",
                                "streaming",
                                true),
                        Map.of(
                                "id",
                                "bge-small-en-v1.5-q",
                                "name",
                                "BGE small, English, v1.5",
                                "provider",
                                "BAAI",
                                "kind",
                                "embedding",
                                "source",
                                "local",
                                "streaming",
                                false)));
    }

    @Test
    void strangersAreNotTold() {
        given().get("/models").then().statusCode(401);
    }
}
