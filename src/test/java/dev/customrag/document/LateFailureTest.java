package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.DocumentRows;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A run that gives up leaves nothing of its own behind, and nothing of another run's out. */
@QuarkusTest
class LateFailureTest {

    @Inject
    Ingestion ingestion;

    private final UUID current = UUID.randomUUID();
    private UUID alice;
    private UUID document;

    @BeforeEach
    void beginARun() {
        alice = Person.registered().id();
        document = DocumentRows.insert(alice, "a.txt");
        Sql.update("UPDATE documents SET status = 'embedding', ingestion = ? WHERE id = ?", current, document);
        Sql.update("INSERT INTO staged_vectors VALUES (?, ?, 'model', 2, gen_random_uuid(), '[1,0]')", alice, document);
    }

    @Test
    void whoseRunIsOverFailsNothingAndForgetsNothing() {
        ingestion.fail(new IngestionRun(UUID.randomUUID(), alice, document), "Too late.", "");

        assertThat(Sql.query("SELECT status FROM documents WHERE id = ?", document))
                .containsExactly("embedding");
        assertThat(staged()).isEqualTo(1L);
    }

    @Test
    void whatWasStagedGoesWithTheRunThatFails() {
        ingestion.fail(new IngestionRun(current, alice, document), "It cannot be read.", "");

        assertThat(Sql.query("SELECT error FROM documents WHERE id = ?", document))
                .containsExactly("It cannot be read.");
        assertThat(staged()).isEqualTo(0L);
    }

    private Object staged() {
        return Sql.query("SELECT count(*) FROM staged_vectors WHERE document_id = ?", document)
                .getFirst();
    }
}
