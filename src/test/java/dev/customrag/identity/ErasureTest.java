package dev.customrag.identity;

import static dev.customrag.testing.ProviderBrowser.beginToLink;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Authenticator;
import dev.customrag.testing.FakeOpenIdProvider;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.FakeS3;
import dev.customrag.testing.Mailbox;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** Who deletes their account leaves nothing behind but what happened to it. The tables are those the database has. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
@WithTestResource(value = FakeS3.Server.class, scope = TestResourceScope.GLOBAL)
class ErasureTest {

    /** Every foreign key, as {@code parent.column <- child.column}; a line for each of its columns. */
    private static final String REFERENCES = """
            SELECT parent.table_name || ' ' || parent.column_name || ' ' || child.table_name || ' ' || child.column_name
            FROM information_schema.referential_constraints reference
            JOIN information_schema.key_column_usage child
                ON child.constraint_schema = reference.constraint_schema
                AND child.constraint_name = reference.constraint_name
            JOIN information_schema.key_column_usage parent
                ON parent.constraint_schema = reference.unique_constraint_schema
                AND parent.constraint_name = reference.unique_constraint_name
                AND parent.ordinal_position = child.position_in_unique_constraint
            WHERE reference.constraint_schema = current_schema()
            """;

    FakeOpenIdProvider example;

    FakeS3 s3;

    /** A reference from rows to one row. */
    private record Reference(String table, String column, String value) {

        private long rows() {
            return (long) Sql.query("SELECT count(*) FROM %s WHERE %s::text = ?".formatted(table, column), value)
                    .getFirst();
        }
    }

    @Test
    void everyRowThatLeadsToThemGoesWithThem() {
        Person alice = somebodyWithEverything();
        Person bob = somebodyWithEverything();
        Mailbox.awaitQuiet();
        Set<Reference> hers = references(alice);
        Set<Reference> his = references(bob);
        List<Long> hisRows = his.stream().map(Reference::rows).toList();
        assertThat(tables(hers)).as("tables with rows of hers").isEqualTo(new TreeSet<>(referring()));
        assertThat(tablesThatMention(alice)).contains("audit_events", "documents", "users");
        List<Object> events = events(alice);

        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);

        assertThat(hers).allSatisfy(reference -> assertThat(reference.rows()).isZero());
        assertThat(tablesThatMention(alice)).containsExactly("audit_events");
        assertThat(his.stream().map(Reference::rows)).isEqualTo(hisRows);
        Awaitility.await().untilAsserted(() -> assertThat(s3.keys()).doesNotContain(object(alice)));
        assertThat(s3.keys()).contains(object(bob));
        assertThat(events(alice)).hasSize(events.size() + 1).containsAll(events).contains("account-deleted success");
        assertThat(Sql.query("SELECT 1 FROM audit_events e WHERE e::text ILIKE '%' || ? || '%'", alice.email()))
                .isEmpty();
        bob.request().get("/auth/me").then().statusCode(200);
    }

    /** A row in every table that refers to people, however far away. */
    private Person somebodyWithEverything() {
        Person person = Person.registered();
        String lease = person.uploaded("lease.txt", "The notice period is three months.");
        person.json(Map.of("name", "Contracts", "document_ids", List.of(lease)))
                .post("/assistants")
                .then()
                .statusCode(201);
        String deleted = person.uploaded("deleted.txt", "Not for long.");
        person.request().delete("/documents/{id}", deleted).then().statusCode(204);
        Sql.update(
                "INSERT INTO staged_vectors SELECT owner_id, document_id, embedding_model, dimensions, text_digest,"
                        + " embedding FROM passages WHERE owner_id = ?",
                person.id());
        s3.place(object(person), new byte[1], Instant.now());
        Sql.update(
                "INSERT INTO document_objects SELECT id, ?, ? FROM document_contents WHERE owner_id = ?",
                FakeS3.BUCKET,
                object(person),
                person.id());
        Sql.update(
                "INSERT INTO usage_reservations VALUES (gen_random_uuid(), ?, now()::date, 1, 0, now())", person.id());
        Sql.update("INSERT INTO data_exports VALUES (?, gen_random_uuid(), now(), now())", person.id());
        String session = person.json(Map.of()).post("/sessions").path("id");
        person.json(Map.of("content", "What is the notice period?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201);
        Sql.update(
                "INSERT INTO running_answers (message_id, session_id, owner_id, process, alive_at)"
                        + " SELECT id, session_id, owner_id, gen_random_uuid(), now() FROM chat_messages"
                        + " WHERE owner_id = ? AND role = 'assistant'",
                person.id());
        person.refresh(person.login());
        person.withKey();
        new Mailbox(person.email()).await("Confirm your e-mail address");
        beginToLink(person, "example").as(example.knows(Map.of())).json().then().statusCode(200);
        beginToLink(person, "example");
        Person.loggingIn(person.email(), "not the password").then().statusCode(401);
        Authenticator.confirmed(person, new ArrayList<>());
        return person;
    }

    private static String object(Person person) {
        return "documents/" + UUID.nameUUIDFromBytes(person.email().getBytes(StandardCharsets.UTF_8));
    }

    private static List<String[]> foreignKeys() {
        return Sql.query(REFERENCES).stream()
                .map(row -> ((String) row).split(" "))
                .toList();
    }

    /** The tables from which a path of foreign keys leads to users. */
    private static Set<String> referring() {
        Set<String> tables = new LinkedHashSet<>(Set.of("users"));
        boolean grown = true;
        while (grown) {
            grown = false;
            for (String[] key : foreignKeys()) {
                grown |= tables.contains(key[0]) && tables.add(key[2]);
            }
        }
        tables.remove("users");
        return tables;
    }

    /** All references by which rows lead to somebody, of which there is one at least each. */
    private static Set<Reference> references(Person person) {
        List<String[]> keys = foreignKeys();
        Set<Reference> found = new LinkedHashSet<>();
        var open = new ArrayDeque<>(
                List.of(new Reference("users", "id", person.id().toString())));
        while (!open.isEmpty()) {
            Reference known = open.remove();
            for (String[] key : keys) {
                if (key[0].equals(known.table())) {
                    for (Object value : Sql.query(
                            "SELECT DISTINCT %s::text FROM %s WHERE %s::text = ?"
                                    .formatted(key[1], key[0], known.column()),
                            known.value())) {
                        var reference = new Reference(key[2], key[3], (String) value);
                        if (reference.rows() > 0 && found.add(reference)) {
                            open.add(reference);
                        }
                    }
                }
            }
        }
        return found;
    }

    private static Set<String> tables(Set<Reference> references) {
        Set<String> tables = new TreeSet<>();
        references.forEach(reference -> tables.add(reference.table()));
        return tables;
    }

    /** Also those without a foreign key, such as queues, whose tasks are bytes: shown as hexadecimal digits. */
    private static List<String> tablesThatMention(Person person) {
        String traces = Stream.of(person.email(), person.id().toString())
                .flatMap(trace -> Stream.of(trace, HexFormat.of().formatHex(trace.getBytes(StandardCharsets.UTF_8))))
                .collect(Collectors.joining("|"));
        return Sql.query("SELECT table_name::text FROM information_schema.tables"
                        + " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name")
                .stream()
                .map(String.class::cast)
                .filter(table -> !Sql.query("SELECT 1 FROM %s t WHERE t::text ~* ? LIMIT 1".formatted(table), traces)
                        .isEmpty())
                .toList();
    }

    private static List<Object> events(Person person) {
        return Sql.query(
                "SELECT type || ' ' || outcome FROM audit_events WHERE ? IN (subject_id, actor_id) ORDER BY id",
                person.id());
    }
}
