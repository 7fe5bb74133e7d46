package dev.customrag.privacy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.http.Problem;
import dev.customrag.tenancy.PersonalData;
import dev.customrag.testing.Authenticator;
import dev.customrag.testing.ExportedZip;
import dev.customrag.testing.LiveHeap;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.arc.All;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All that is stored about somebody, as they get it. */
@QuarkusTest
class ExportResourceTest {

    private static final Logger LOG = Logger.getLogger(ExportResourceTest.class);

    private static final int MEGABYTE = 1024 * 1024;

    /**
     * Of each table that is exported, what stands in the export of a person for each of its rows. What is added to a table
     * should be added here, and is to be exported.
     */
    private static final Map<String, String> EVIDENCE = Map.ofEntries(
            Map.entry("users", "SELECT id::text FROM users WHERE id = ?"),
            Map.entry("sign_in_sessions", "SELECT id::text FROM sign_in_sessions WHERE user_id = ?"),
            Map.entry("social_identities", "SELECT subject FROM social_identities WHERE user_id = ?"),
            Map.entry("second_factors", "SELECT '2001-02-03T04:05:06.789Z' FROM second_factors WHERE user_id = ?"),
            Map.entry("recovery_codes", "SELECT id::text FROM recovery_codes WHERE user_id = ?"),
            Map.entry("api_keys", "SELECT id::text FROM api_keys WHERE user_id = ?"),
            Map.entry("one_time_tokens", "SELECT id::text FROM one_time_tokens WHERE user_id = ?"),
            Map.entry("audit_events", "SELECT id::text FROM audit_events WHERE subject_id = ?"),
            Map.entry("documents", "SELECT id::text FROM documents WHERE owner_id = ?"),
            Map.entry("document_contents", "SELECT sha256 FROM document_contents WHERE owner_id = ?"),
            Map.entry("document_chunks", "SELECT convert_from(bytes, 'UTF8') FROM document_chunks WHERE owner_id = ?"),
            Map.entry("document_deletions", "SELECT id::text FROM document_deletions WHERE owner_id = ?"),
            Map.entry("passages", "SELECT id::text FROM passages WHERE owner_id = ?"),
            Map.entry("assistants", "SELECT id::text FROM assistants WHERE owner_id = ?"),
            Map.entry(
                    "assistant_documents",
                    "SELECT '\"document_ids\":[\"' || document_id || '\"]' FROM assistant_documents WHERE owner_id = ?"),
            Map.entry("chat_sessions", "SELECT id::text FROM chat_sessions WHERE owner_id = ?"),
            Map.entry("chat_messages", "SELECT id::text FROM chat_messages WHERE owner_id = ?"),
            Map.entry("model_calls", "SELECT id::text FROM model_calls WHERE owner_id = ?"),
            Map.entry(
                    "usage_totals",
                    "SELECT '{\"date\":\"' || day || '\",\"model_id\":\"' || model_id || '\",\"purpose\":\"' || purpose"
                            + " || '\",\"total\":{\"calls\":' || calls FROM usage_totals WHERE owner_id = ?"));

    private static final List<String> SECRETS = List.of(
            "SELECT convert_to(password_hash, 'UTF8') FROM users WHERE id = ?",
            "SELECT token_hash FROM refresh_tokens JOIN sign_in_sessions s ON s.id = session_id WHERE user_id = ?",
            "SELECT token_hash FROM one_time_tokens WHERE user_id = ?",
            "SELECT secret FROM second_factors WHERE user_id = ?",
            "SELECT code_hash FROM recovery_codes WHERE user_id = ?",
            "SELECT key_hash FROM api_keys WHERE user_id = ?");

    @TestHTTPResource("/privacy/export")
    URI address;

    @Inject
    @All
    List<PersonalData> rooms;

    @Inject
    DataExport exports;

    @TempDir
    Path directory;

    private Person alice;

    @BeforeEach
    void register() {
        alice = Person.registered();
    }

    /** What its owner alone knows of an account, and what they typed where it may be read by them. */
    private record Known(List<String> secrets, String canary) {}

    /** A row in every table that an export has something of. */
    private static Known fill(Person person) {
        String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
        String lease = person.uploaded("lease-" + canary + ".txt", "The notice of " + canary + " is three months.");
        String deleted = person.uploaded("deleted.txt", "Not for long, " + canary + ".");
        person.request().delete("/documents/{id}", deleted).then().statusCode(204);
        person.json(Map.of("name", "Contracts of " + canary, "document_ids", List.of(lease)))
                .post("/assistants")
                .then()
                .statusCode(201);
        String session = person.json(Map.of("title", "Talk of " + canary))
                .post("/sessions")
                .path("id");
        String answer = person.json(Map.of("content", "What is the notice of " + canary + "?"))
                .post("/sessions/{id}/messages", session)
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        person.json(Map.of())
                .post("/sessions/{id}/messages/{message}/regenerate", session, answer)
                .then()
                .statusCode(201);
        Person.Tokens other = person.refresh(person.login());
        Person.loggingOut(other.refresh()).then().statusCode(200);
        Person program = person.withKey();
        String revoked = person.request().get("/auth/api-keys").path("items[0].id");
        person.request().delete("/auth/api-keys/{id}", revoked).then().statusCode(204);
        Person second = person.withKey();
        Sql.update(
                "INSERT INTO social_identities VALUES (gen_random_uuid(), ?, 'example', ?, now())",
                person.id(),
                "subject-" + canary);
        Sql.update("""
                INSERT INTO one_time_tokens (id, user_id, purpose, token_hash, email, created_at, expires_at)
                VALUES (gen_random_uuid(), ?, 'PASSWORD_RESET', sha256(?::bytea), ?, now(), now())
                """, person.id(), canary.getBytes(StandardCharsets.UTF_8), canary + "@example.org");
        var codes = new ArrayList<String>();
        Authenticator.confirmed(person, codes);
        Sql.update("UPDATE second_factors SET created_at = '2001-02-03T04:05:06.789Z' WHERE user_id = ?", person.id());
        var secrets = new ArrayList<>(codes);
        secrets.addAll(List.of(
                person.password(),
                person.accessToken(),
                person.refreshToken(),
                other.access(),
                other.refresh(),
                program.accessToken(),
                second.accessToken()));
        for (String sql : SECRETS) {
            for (Object secret : Sql.query(sql, person.id())) {
                var bytes = (byte[]) secret;
                secrets.addAll(List.of(
                        HexFormat.of().formatHex(bytes),
                        Base64.getEncoder().encodeToString(bytes),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                        new String(bytes, StandardCharsets.UTF_8)));
            }
        }
        return new Known(secrets, canary);
    }

    @Test
    void everyTableIsExportedOrLeftOutForAReason() {
        Set<String> kept = rooms.stream()
                .flatMap(room -> room.kept().stream())
                .flatMap(each -> each.tables().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> leftOut = rooms.stream()
                .flatMap(room -> room.leftOut().stream())
                .flatMap(each -> each.tables().stream())
                .toList();

        assertThat(Stream.concat(EVIDENCE.keySet().stream(), leftOut.stream()))
                .as("tables: export what is in them, or say in leftOut() why not")
                .containsExactlyInAnyOrderElementsOf(kept);
        assertThat(rooms).allSatisfy(room -> assertThat(room.leftOut()).allSatisfy(each -> {
            assertThat(each.what()).isNotBlank();
            assertThat(each.why()).isNotBlank();
        }));
    }

    @Test
    void allThatIsTheirsIsInItAndNothingElse() {
        Person bob = Person.registered();
        Known his = fill(bob);
        Known hers = fill(alice);

        ExportedZip zip = ExportedZip.of(alice);

        String whole = zip.whole();
        EVIDENCE.forEach((table, sql) -> {
            List<Object> rows = Sql.query(sql, alice.id());
            assertThat(rows).as(table).isNotEmpty();
            assertThat(rows).as(table).allSatisfy(text -> assertThat(whole).contains((String) text));
        });
        assertThat(whole).contains(hers.canary(), alice.email(), "Ada", "Lovelace");
        assertThat(hers.secrets()).hasSizeGreaterThan(50).allSatisfy(secret -> assertThat(whole)
                .doesNotContain(secret));
        assertThat(whole).doesNotContain(his.canary(), bob.id().toString(), bob.email());
        EVIDENCE.forEach((table, sql) -> {
            if (!Set.of("second_factors", "usage_totals").contains(table)) {
                assertThat(Sql.query(sql, bob.id())).as(table).allSatisfy(text -> assertThat(whole)
                        .doesNotContain((String) text));
            }
        });
    }

    @Test
    void itSaysWhatIsInIt() {
        fill(alice);

        ExportedZip zip = ExportedZip.of(alice);

        assertThat(zip.paths()).startsWith("README.txt", "export.json").endsWith("notices.json");
        JsonNode contents = zip.json("export.json");
        assertThat(contents.path("format").asText()).isEqualTo("customrag-export");
        assertThat(contents.path("version").asInt()).isEqualTo(1);
        assertThat(contents.path("user_id").asText()).isEqualTo(alice.id().toString());
        assertThat(contents.path("exported_at").asText()).endsWith("Z");
        List<String> promised = contents.path("files").findValuesAsText("path");
        assertThat(promised).doesNotHaveDuplicates();
        assertThat(zip.paths())
                .filteredOn(path ->
                        !Set.of("README.txt", "export.json", "notices.json").contains(path))
                .allMatch(path ->
                        promised.contains(path) || promised.contains(path.substring(0, path.lastIndexOf('/') + 1)));
        assertThat(zip.paths())
                .containsAll(
                        promised.stream().filter(path -> !path.endsWith("/")).toList());
        assertThat(contents.path("left_out").findValuesAsText("why")).hasSizeGreaterThan(5);
        String about = zip.text("README.txt");
        assertThat(promised).allSatisfy(path -> assertThat(about).contains("\n" + path + "\n    "));
        assertThat(contents.path("left_out").findValuesAsText("what"))
                .allSatisfy(what -> assertThat(about).contains("\n" + what + "\n    "));
        JsonNode ending = zip.json("notices.json");
        assertThat(ending.path("complete").asBoolean()).isTrue();
        assertThat(ending.path("notices").isEmpty()).isTrue();
        assertThat(ending.path("ended_at").asText()).endsWith("Z");
    }

    @Test
    void whoHasNothingGetsThat() {
        ExportedZip zip = ExportedZip.of(alice);

        assertThat(zip.json("account/profile.json").path("email").asText()).isEqualTo(alice.email());
        assertThat(zip.lines("documents/documents.jsonl")).isEmpty();
        assertThat(zip.lines("conversations/conversations.jsonl")).isEmpty();
        assertThat(zip.lines("usage/calls.jsonl")).isEmpty();
        assertThat(zip.json("account/second-factor.json").path("begun_at").isNull())
                .isTrue();
        // Nor is anything made by asking.
        assertThat(Sql.query("SELECT id FROM assistants WHERE owner_id = ?", alice.id()))
                .isEmpty();
    }

    @Test
    void documentsComeWithTheirFiles() {
        String text = alice.uploaded("lease.txt", "The first lease.");
        String same = alice.uploaded("lease.txt", "Another lease.");
        String hostile = alice.uploaded("plan.txt", "The plan.");
        Sql.update("UPDATE documents SET filename = '../../../etc/cron.d/plan' WHERE id = ?::uuid", hostile);
        String large = insertDocument(alice, "large.bin", random(MEGABYTE), 3);

        ExportedZip zip = ExportedZip.of(alice);

        Map<String, String> files = zip.lines("documents/documents.jsonl").stream()
                .collect(Collectors.toMap(line -> line.path("id").asText(), line -> line.path("file")
                        .asText()));
        assertThat(files)
                .isEqualTo(Map.of(
                        text, "documents/files/lease.txt",
                        same, "documents/files/lease (2).txt",
                        hostile, "documents/files/.._.._.._etc_cron.d_plan",
                        large, "documents/files/large.bin"));
        assertThat(zip.text(files.get(text))).isEqualTo("The first lease.");
        assertThat(zip.text(files.get(same))).isEqualTo("Another lease.");
        byte[] bytes = zip.bytes(files.get(large));
        assertThat(bytes).hasSize(3 * MEGABYTE);
        assertThat(Arrays.copyOfRange(bytes, 2 * MEGABYTE, 3 * MEGABYTE)).isEqualTo(random(MEGABYTE));
        JsonNode described = zip.lines("documents/documents.jsonl").getFirst();
        assertThat(alice.request().get("/documents/{id}", text).<Map<String, Object>>path(""))
                .containsEntry("sha256", described.path("sha256").asText())
                .containsEntry("filename", "lease.txt");
        assertThat(zip.lines("documents/passages.jsonl"))
                .extracting(line -> line.path("text").asText())
                .containsExactlyInAnyOrder("The first lease.", "Another lease.", "The plan.");
    }

    @Test
    void aNewerFileThatIsNotReadYetIsThereToo() {
        String id = alice.uploaded("lease.txt", "The old lease.");
        insertContent(
                alice, UUID.fromString(id), "lease.txt", "The new lease.".getBytes(StandardCharsets.UTF_8), 1, false);

        ExportedZip zip = ExportedZip.of(alice);

        JsonNode described = zip.lines("documents/documents.jsonl").getFirst();
        assertThat(zip.text(described.path("file").asText())).isEqualTo("The old lease.");
        assertThat(described.path("newer_file").path("file").asText()).isEqualTo("documents/newer-files/lease.txt");
        assertThat(zip.text("documents/newer-files/lease.txt")).isEqualTo("The new lease.");
    }

    @Test
    void conversationsHaveAllTheirBranches() {
        fill(alice);
        for (int i = 0; i < 25; i++) {
            String session =
                    alice.json(Map.of("title", "Talk " + i)).post("/sessions").path("id");
            assertThat(session).isNotNull();
        }
        Object session = Sql.query(
                        "SELECT id FROM chat_sessions WHERE owner_id = ? AND title LIKE 'Talk of%'", alice.id())
                .getFirst();
        // More than a page of them.
        Sql.update("""
                INSERT INTO chat_messages (id, owner_id, session_id, role, content, created_at)
                SELECT gen_random_uuid(), ?, ?, 'user', 'Question ' || n, now() + n * interval '1 second'
                FROM generate_series(1, 50) n
                """, alice.id(), session);

        List<JsonNode> conversations = ExportedZip.of(alice).lines("conversations/conversations.jsonl");

        assertThat(conversations).hasSize(26);
        JsonNode filled = conversations.getLast();
        assertThat(filled.path("id").asText()).isEqualTo(session.toString());
        assertThat(filled.path("current_message_id").isTextual()).isTrue();
        JsonNode messages = filled.path("messages");
        assertThat(messages).hasSize(53);
        JsonNode question = messages.get(0);
        assertThat(question.path("role").asText()).isEqualTo("user");
        assertThat(question.has("trace")).isFalse();
        for (JsonNode answer : List.of(messages.get(1), messages.get(2))) {
            assertThat(answer.path("parent_id")).isEqualTo(question.path("id"));
            assertThat(answer.path("role").asText()).isEqualTo("assistant");
            assertThat(answer.path("citations").path(0).path("quote").asText()).contains("three months");
            assertThat(answer.path("trace")
                            .path("passages")
                            .path(0)
                            .path("filename")
                            .asText())
                    .startsWith("lease-");
        }
        assertThat(messages.get(52).path("content").asText()).isEqualTo("Question 50");
    }

    @Test
    void assistantsCanBeImportedAgain() {
        String lease = alice.uploaded("lease.txt", "The notice period is three months.");
        alice.json(Map.of("name", "Contracts/2026", "instructions", "Be brief.", "document_ids", List.of(lease)))
                .post("/assistants")
                .then()
                .statusCode(201);

        ExportedZip zip = ExportedZip.of(alice);

        JsonNode described = zip.lines("assistants/assistants.jsonl").stream()
                .filter(line -> line.path("name").asText().equals("Contracts/2026"))
                .findFirst()
                .orElseThrow();
        assertThat(described.path("file").asText()).isEqualTo("assistants/files/Contracts_2026.json");
        alice.request()
                .contentType(ContentType.JSON)
                .body(zip.bytes("assistants/files/Contracts_2026.json"))
                .post("/assistants/import")
                .then()
                .statusCode(201)
                .body("assistant.name", equalTo("Contracts/2026"))
                .body("assistant.instructions", equalTo("Be brief."))
                .body("assistant.document_ids", equalTo(List.of(lease)))
                .body("notices", equalTo(List.of()));
    }

    @Test
    void listsAreFollowedToTheirEnd() {
        Sql.update("""
                INSERT INTO model_calls
                SELECT gen_random_uuid(), ?, 'answer', 'a model', n, 0, 0, 0, NULL, now() FROM generate_series(1, 250) n
                """, alice.id());
        Sql.update("""
                INSERT INTO usage_totals
                SELECT ?, '2025-01-01'::date + n, 'answer', 'a model', 1, n, 0, 0, 0, n, 0 FROM generate_series(1, 250) n
                """, alice.id());

        ExportedZip zip = ExportedZip.of(alice);

        assertThat(zip.lines("usage/calls.jsonl"))
                .extracting(line -> line.path("input_tokens").asInt())
                .hasSize(250)
                .doesNotHaveDuplicates();
        assertThat(zip.lines("usage/days.jsonl"))
                .extracting(line -> line.path("date").asText())
                .hasSize(250)
                .doesNotHaveDuplicates()
                .isSorted()
                .contains("2025-01-02");
    }

    @Test
    void otherReadersOpenItToo() throws Exception {
        fill(alice);
        Path file = Files.write(
                directory.resolve("export.zip"),
                alice.request().get("/privacy/export").asByteArray());

        try (var zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream()).hasSizeGreaterThan(15).allSatisfy(entry -> assertThat(
                            zip.getInputStream(entry).readAllBytes())
                    .hasSize((int) entry.getSize()));
        }
        Process python = python(
                "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))",
                file.toString());
        assertThat(new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .matches("None \\d\\d\\s+");
    }

    private static Process python(String... arguments) throws InterruptedException {
        try {
            var command = new ArrayList<>(List.of("python3", "-c"));
            command.addAll(List.of(arguments));
            Process python =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            assertThat(python.waitFor()).isZero();
            return python;
        } catch (IOException e) {
            return Assumptions.abort("There is no Python here");
        }
    }

    @Test
    void itIsADownloadThatNobodyKeeps() {
        alice.request()
                .get("/privacy/export")
                .then()
                .statusCode(200)
                .contentType("application/zip")
                .header("Cache-Control", "no-store")
                .header("X-Content-Type-Options", "nosniff")
                .header(
                        "Content-Disposition",
                        matchesPattern("attachment; filename=\"customrag-export-\\d{4}-\\d\\d-\\d\\d\\.zip\""));
    }

    @Test
    void toAskForItsHeadersBeginsNone() {
        alice.request()
                .head("/privacy/export")
                .then()
                .statusCode(200)
                .contentType("application/zip")
                .body(emptyString());

        assertThat(running()).isEmpty();
        assertThat(recorded()).isEmpty();
    }

    @Test
    void itIsForThePersonAlone() {
        given().get("/privacy/export").then().statusCode(401);
        Person.bearing("nonsense").get("/privacy/export").then().statusCode(401);
        Person.bearing(alice.refreshToken()).get("/privacy/export").then().statusCode(401);
        alice.withKey()
                .request()
                .get("/privacy/export")
                .then()
                .statusCode(403)
                .body("type", equalTo("urn:customrag:problem:api-key-not-allowed"));
        alice.request().post("/privacy/export").then().statusCode(405);

        assertThat(running()).isEmpty();
        assertThat(recorded()).isEmpty();
    }

    @Test
    void itIsRecorded() {
        ExportedZip zip = ExportedZip.of(alice);

        assertThat(recorded()).hasSize(1);
        String session = alice.request().get("/auth/sessions").path("items[0].id");
        JsonNode event = zip.lines("account/security-events.jsonl").getFirst();
        assertThat(event.path("type").asText()).isEqualTo("data-export");
        assertThat(event.path("outcome").asText()).isEqualTo("success");
        assertThat(event.path("session_id").asText()).isEqualTo(session);
    }

    @Test
    void thereIsOneAtATime() throws Exception {
        insertDocument(alice, "large.bin", random(MEGABYTE), 40);
        HttpResponse<InputStream> first = begin();

        alice.request()
                .get("/privacy/export")
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:customrag:problem:export-running"));
        assertThat(ExportedZip.of(Person.registered()).paths()).contains("notices.json");
        assertThat(recorded()).hasSize(1);

        assertThat(ExportedZip.of(first.body().readAllBytes()).bytes("documents/files/large.bin"))
                .hasSize(40 * MEGABYTE);
        await().untilAsserted(() -> assertThat(running()).isEmpty());
        assertThat(ExportedZip.of(alice).paths()).contains("notices.json");
        assertThat(recorded()).hasSize(2);
    }

    @Test
    void ofThoseThatAskAtOnceOneGetsIt() {
        insertDocument(alice, "large.bin", random(MEGABYTE), 20);

        List<Integer> answers =
                Together.call(8, () -> alice.request().get("/privacy/export").statusCode());

        assertThat(answers).containsOnly(200, 409).contains(200, 409);
        assertThat(recorded())
                .hasSize((int) answers.stream().filter(answer -> answer == 200).count());
    }

    @Test
    void oneThatNobodyHearsOfMakesWay() {
        Sql.update(
                "INSERT INTO data_exports VALUES (?, gen_random_uuid(), now(), now() - interval '119 s')", alice.id());
        alice.request().get("/privacy/export").then().statusCode(409);

        Sql.update("UPDATE data_exports SET alive_at = now() - interval '121 s' WHERE owner_id = ?", alice.id());

        assertThat(ExportedZip.of(alice).paths()).contains("notices.json");
        assertThat(running()).isEmpty();
    }

    @Test
    void itEndsWhenItsClientGoes() throws Exception {
        insertDocument(alice, "large.bin", random(MEGABYTE), 100);
        try (var client = new Socket(address.getHost(), address.getPort())) {
            client.getOutputStream()
                    .write(("GET " + address.getPath() + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                    + alice.accessToken() + "\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.getInputStream().readNBytes(MEGABYTE)).hasSize(MEGABYTE);
            assertThat(running()).hasSize(1);
        }

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(running()).isEmpty());
    }

    @Test
    void itEndsWithTheRightToIt() {
        var out = new ByteArrayOutputStream();
        Begun begun = begun(out, () -> false);

        assertThatThrownBy(() -> exports.write(begun.begun(), begun.client())).isInstanceOf(Problem.class);

        assertThat(running()).isEmpty();
        assertNotWhole(out.toByteArray());
    }

    @Test
    void anAccountThatIsDeletedMeanwhileGivesNoWholeOne() {
        var out = new ByteArrayOutputStream();
        Begun begun = begun(out, null);
        alice.json(Map.of("password", alice.password()))
                .delete("/auth/me")
                .then()
                .statusCode(204);

        assertThatThrownBy(() -> exports.write(begun.begun(), begun.client())).isInstanceOf(Problem.class);

        assertNotWhole(out.toByteArray());
    }

    @Test
    void oneThatAnotherTookThePlaceOfEndsWithoutHarmToThat() {
        var out = new ByteArrayOutputStream();
        Begun begun = begun(out, null);
        Sql.update("UPDATE data_exports SET id = gen_random_uuid() WHERE owner_id = ?", alice.id());

        assertThatThrownBy(() -> exports.write(begun.begun(), begun.client())).isInstanceOf(Problem.class);

        assertNotWhole(out.toByteArray());
        assertThat(running()).hasSize(1);
    }

    private record Begun(DataExport.Begun begun, GuardedOutput client) {}

    /** One without a request, which asks for its row alone where nothing else is asked. */
    private Begun begun(OutputStream out, BooleanSupplier allowed) {
        DataExport.Begun begun = exports.begin(alice.id(), UUID.randomUUID());
        return new Begun(
                begun, new GuardedOutput(out, () -> false, allowed == null ? () -> exports.keep(begun) : allowed));
    }

    @ParameterizedTest
    @EnumSource(HttpClient.Version.class)
    void aFailureLooksLikeOne(HttpClient.Version version) throws Exception {
        insertDocument(alice, "large.bin", random(MEGABYTE), 8);
        // PostgreSQL has a number for it, Java none.
        Sql.update("INSERT INTO usage_totals VALUES (?, '2030-01-01', '', '', 0, 0, 0, 0, 0, 0, 'NaN')", alice.id());
        // What comes last is a race, if it comes from several.
        for (int i = 0; i < 5; i++) {
            HttpResponse<InputStream> response = begin(version);
            assertThat(response.version()).isEqualTo(version);
            var got = new ByteArrayOutputStream();

            assertThatThrownBy(() -> response.body().transferTo(got)).isInstanceOf(IOException.class);

            assertThat(got.size()).isGreaterThan(7 * MEGABYTE);
            assertNotWhole(got.toByteArray());
            assertThat(got.toString(StandardCharsets.ISO_8859_1)).doesNotContain("urn:customrag:problem");
            await().untilAsserted(() -> assertThat(running()).isEmpty());
        }
        Sql.update("DELETE FROM usage_totals WHERE owner_id = ?", alice.id());
        assertThat(ExportedZip.of(alice).bytes("documents/files/large.bin")).hasSize(8 * MEGABYTE);
    }

    @Test
    void whatIsDeletedMeanwhileIsToldOf() throws Exception {
        String first = insertDocument(alice, "first.bin", random(MEGABYTE), 60);
        String second = alice.uploaded("second.txt", "The second.");
        String third = alice.uploaded("third.txt", "The third.");
        HttpResponse<InputStream> response = begin();
        InputStream body = response.body();
        byte[] beginning = body.readNBytes(5 * MEGABYTE);

        // At once, or the first would make way for the second to be written before that is deleted.
        alice.json(Map.of("ids", List.of(first, second)))
                .post("/documents/delete")
                .then()
                .statusCode(200);
        var all = new ByteArrayOutputStream();
        all.write(beginning);
        body.transferTo(all);

        ExportedZip zip = ExportedZip.of(all.toByteArray());
        assertThat(zip.lines("documents/documents.jsonl"))
                .extracting(line -> line.path("id").asText())
                .containsExactly(first, second, third);
        assertThat(zip.bytes("documents/files/first.bin").length).isBetween(4 * MEGABYTE, 60 * MEGABYTE - 1);
        assertThat(zip.paths()).doesNotContain("documents/files/second.txt");
        assertThat(zip.text("documents/files/third.txt")).isEqualTo("The third.");
        JsonNode ending = zip.json("notices.json");
        assertThat(ending.path("complete").asBoolean()).isFalse();
        assertThat(ending.path("notices").findValuesAsText("path"))
                .containsExactly("documents/files/first.bin", "documents/files/second.txt");
        assertThat(ending.path("notices").findValuesAsText("notice")).allMatch(text -> text.contains("deleted"));
        Path file = Files.write(directory.resolve("export.zip"), all.toByteArray());
        try (var read = new ZipFile(file.toFile())) {
            assertThat(read.getEntry("notices.json")).isNotNull();
        }
    }

    @Test
    void theLargestIsSentWithoutBeingHeldInMemory() throws Exception {
        int megabytes = 100;
        insertDocument(alice, "large.bin", random(MEGABYTE), megabytes);
        // What is loaded once is not what is asked about. The collections would make it slow.
        long began = System.nanoTime();
        long length = drained();
        LOG.infof("Export of %d MB: %.0f MB/s", megabytes, megabytes * 1e9 / (System.nanoTime() - began));
        assertThat(length).isGreaterThan((long) megabytes * MEGABYTE);

        try (var heap = LiveHeap.watched()) {
            assertThat(drained()).isGreaterThan((long) megabytes * MEGABYTE);
            LOG.infof("Export of %d MB: heap +%.1f MB", megabytes, heap.growth() / (double) MEGABYTE);
            assertThat(heap.growth()).isLessThan(16 * MEGABYTE);
        }
    }

    /** How many bytes an export has. */
    private long drained() throws Exception {
        try (InputStream body = begin().body()) {
            return body.transferTo(OutputStream.nullOutputStream());
        }
    }

    private HttpResponse<InputStream> begin() throws Exception {
        return begin(HttpClient.Version.HTTP_1_1);
    }

    /** It has begun when it answers. Nothing is read of it that is not asked for, but for what waits on the way. */
    private HttpResponse<InputStream> begin(HttpClient.Version version) throws Exception {
        HttpResponse<InputStream> response = HttpClient.newBuilder()
                .version(version)
                .build()
                .send(
                        HttpRequest.newBuilder(address)
                                .header("Authorization", "Bearer " + alice.accessToken())
                                .build(),
                        BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    /** A document of these bytes, a megabyte at most, so many times over; gives its id. An upload would take long. */
    private static String insertDocument(Person person, String filename, byte[] bytes, int times) {
        UUID id = UUID.randomUUID();
        Sql.update("""
                INSERT INTO documents (id, owner_id, filename, media_type, size_bytes, sha256, status, created_at, updated_at)
                VALUES (?, ?, ?, 'application/octet-stream', ?, ?, 'ready', now(), now())
                """, id, person.id(), filename, (long) bytes.length * times, id.toString());
        insertContent(person, id, filename, bytes, times, true);
        return id.toString();
    }

    private static void insertContent(
            Person person, UUID document, String filename, byte[] bytes, int times, boolean inUse) {
        UUID content = UUID.randomUUID();
        Sql.update(
                "INSERT INTO document_contents (id, owner_id, document_id, filename, media_type, size_bytes, sha256, in_use)"
                        + " VALUES (?, ?, ?, ?, 'application/octet-stream', ?, ?, ?)",
                content,
                person.id(),
                document,
                filename,
                (long) bytes.length * times,
                content.toString(),
                inUse);
        Sql.update(
                "INSERT INTO document_chunks SELECT ?, ?, n, ? FROM generate_series(0, ?) n",
                content,
                person.id(),
                bytes,
                times - 1);
    }

    private static byte[] random(int size) {
        var bytes = new byte[size];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private void assertNotWhole(byte[] bytes) {
        assertThat(bytes).isNotEmpty();
        assertThatThrownBy(() -> {
                    Path file = Files.write(directory.resolve("broken.zip"), bytes);
                    new ZipFile(file.toFile()).close();
                })
                .isInstanceOf(IOException.class);
    }

    private List<Object> running() {
        return Sql.query("SELECT id FROM data_exports WHERE owner_id = ?", alice.id());
    }

    private List<Object> recorded() {
        return Sql.query(
                "SELECT id FROM audit_events WHERE type = 'data-export' AND outcome = 'success' AND subject_id = ?",
                alice.id());
    }
}
