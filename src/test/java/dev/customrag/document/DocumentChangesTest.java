package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.customrag.testing.Person;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Sse;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The stream of changes: who hears what, when, and after a while away. */
@QuarkusTest
@Timeout(90)
class DocumentChangesTest {

    private Person alice;
    private Person bob;

    @Inject
    DataSource database;

    @TestHTTPResource("/documents/events")
    URI events;

    @BeforeEach
    void register() {
        alice = Person.registered();
        bob = Person.registered();
    }

    @Test
    void eachChangeOfOnesOwnDocumentsIsStreamed() {
        try (var stream = listen(alice)) {
            bob.uploaded("of-bob.txt", "Not for Alice.");
            String id = accepted("of-alice.txt", "Watched as it comes in. ".repeat(2_500));

            List<Sse.Event> seen = until(stream, "ready");

            assertThat(seen).hasSizeGreaterThan(1).allSatisfy(event -> {
                assertThat(event.name()).isEqualTo("document");
                assertThat(event.data().path("id").asText()).isEqualTo(id);
                assertThat(event.id()).matches("\\d+-\\d+");
            });
            assertThat(seen.getLast().data().path("passage_count").asInt()).isGreaterThan(1);
        }
    }

    @Test
    void twoListenersHearOfAChangeWithinASecond() {
        String id = alice.uploaded("kept.txt", "To be renamed.");
        try (var first = listen(alice);
                var second = listen(alice)) {
            // Both have looked by now, and hear of the next.
            rename(id, "one.txt");
            assertThat(nextName(first)).isEqualTo("one.txt");
            assertThat(nextName(second)).isEqualTo("one.txt");

            long before = System.nanoTime();
            rename(id, "two.txt");
            for (var stream : List.of(first, second)) {
                Sse.Event event = stream.next().orElseThrow();
                assertThat(event.data().path("filename").asText()).isEqualTo("two.txt");
                // By far less than a second on an idle machine; the test machine is none.
                assertThat(Duration.ofNanos(event.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
            }
        }
    }

    @Test
    void whoComesBackHearsOfEveryDocumentThatChangedMeanwhile() {
        Map<String, String> last = new HashMap<>();
        Set<String> expected = new HashSet<>();
        String lastId;
        try (var stream = listen(alice)) {
            // Without an id, only documents in work are told of. The first may be ready before anybody asks.
            expected.add(accepted("busy.txt", "The first."));
            lastId = hear(stream, last);
        }
        for (int i = 0; i < 12; i++) {
            expected.add(accepted("busy.txt", "Number " + i + ". " + "A sentence to embed. ".repeat(200)));
        }
        int connections = 0;
        while (!allReady(expected, last)) {
            connections++;
            try (var stream = Sse.get(events, alice.accessToken(), lastId)) {
                for (int heard = 0; heard < 3 && !allReady(expected, last); heard++) {
                    lastId = hear(stream, last);
                }
            }
        }

        assertThat(connections).isGreaterThan(1);
        assertThat(last.keySet()).isEqualTo(expected);
    }

    @Test
    void aChangeThatWasCommittedLateIsNotMissed() throws SQLException {
        String slow = alice.uploaded("slow.txt", "Changed early, committed late.");
        String quick = alice.uploaded("quick.txt", "Changed late, committed early.");
        String lastId;
        try (Connection late = Sql.connect()) {
            late.setAutoCommit(false);
            try (var update = late.prepareStatement("UPDATE documents SET filename = 'late.txt' WHERE id = ?")) {
                update.setObject(1, UUID.fromString(slow));
                update.executeUpdate();
            }
            try (var stream = listen(alice)) {
                rename(quick, "early.txt");
                Sse.Event event = stream.next().orElseThrow();
                assertThat(event.data().path("filename").asText()).isEqualTo("early.txt");
                lastId = event.id();
            }
            late.commit();
        }

        try (var stream = Sse.get(events, alice.accessToken(), lastId)) {
            List<String> names = new ArrayList<>();
            do {
                names.add(nextName(stream));
            } while (!names.getLast().equals("late.txt"));
            assertThat(names).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void deletionsAreToldAtOnceAndToWhoComesBack() {
        String first = alice.uploaded("first.txt", "First.");
        String second = alice.uploaded("second.txt", "Second.");
        String lastId;
        try (var stream = listen(alice)) {
            alice.request().delete("/documents/{id}", first).then().statusCode(204);
            Sse.Event event = stream.next().orElseThrow();
            assertThat(event.name()).isEqualTo("deleted");
            assertThat(event.data().path("id").asText()).isEqualTo(first);
            lastId = event.id();
        }
        alice.json(Map.of("ids", List.of(second)))
                .post("/documents/delete")
                .then()
                .statusCode(200);

        try (var stream = Sse.get(events, alice.accessToken(), lastId)) {
            List<String> deleted = new ArrayList<>();
            do {
                Sse.Event event = stream.next().orElseThrow();
                assertThat(event.name()).isEqualTo("deleted");
                deleted.add(event.data().path("id").asText());
            } while (!deleted.getLast().equals(second));
        }
        try (var stream = Sse.get(events, bob.accessToken(), lastId)) {
            String own = bob.uploaded("own.txt", "Of Bob.");
            assertThat(until(stream, "ready"))
                    .allSatisfy(event ->
                            assertThat(event.data().path("id").asText()).isEqualTo(own));
        }
    }

    @Test
    void whoWasAwayForTooLongIsToldToReload() {
        long now = Instant.now().getEpochSecond();
        long transaction = Long.parseLong(Sql.query("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
                .getFirst()
                .toString());
        for (String old : List.of(transaction + "-" + (now - 30 * 86_400), "999999999999999999-" + now)) {
            try (var stream = Sse.get(events, alice.accessToken(), old)) {
                assertThat(stream.next().orElseThrow().name()).isEqualTo("reload");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1-1", "1", "99999999999999999999999-1", "1-1; DROP TABLE documents", "%00"})
    void whatIsNoIdOfOursIsAsIfThereWereNone(String lastId) {
        alice.uploaded("before.txt", "Ready before.");
        try (var stream = Sse.get(events, alice.accessToken(), lastId)) {
            assertThat(stream.status()).isEqualTo(200);
            String id = accepted("after.txt", "Heard of.");
            assertThat(until(stream, "ready"))
                    .allSatisfy(event ->
                            assertThat(event.data().path("id").asText()).isEqualTo(id));
        }
    }

    @Test
    void aStreamOutlivesALostConnectionToTheDatabase() throws SQLException {
        String id = alice.uploaded("steady.txt", "Stays.");
        try (var stream = listen(alice)) {
            rename(id, "before.txt");
            assertThat(nextName(stream)).isEqualTo("before.txt");

            // A connection that was checked meanwhile has asked nothing last, like some of those that do not listen.
            assertThat(Sql.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle' "
                            + "AND query IN ('LISTEN document', '') AND datname = current_database()"))
                    .isNotEmpty()
                    .containsOnly(true);
            rename(id, "during.txt");
            assertThat(nextName(stream)).isEqualTo("during.txt");
            rename(id, "after.txt");
            assertThat(nextName(stream)).isEqualTo("after.txt");
        }
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Sql.query("SELECT 1 FROM pg_stat_activity WHERE query = 'LISTEN document' "
                                        + "AND datname = current_database()")
                                .size()
                        == 1);
        assertThat(idleConnectionsThatListen()).isZero();
    }

    @Test
    void aNotificationThatMakesNoSenseHurtsNobody() throws SQLException {
        String id = alice.uploaded("steady.txt", "Stays.");
        try (var stream = listen(alice)) {
            Sql.query("SELECT pg_notify('document', 'not a change')::text");
            rename(id, "still heard.txt");
            assertThat(nextName(stream)).isEqualTo("still heard.txt");
        }
    }

    @Test
    void aStreamEndsWithItsSignIn() {
        try (var stream = listen(alice);
                var other = listen(bob)) {
            Person.loggingOut(alice.refreshToken()).then().statusCode(200);
            assertThat(stream.rest()).isEmpty();

            Sql.update("UPDATE users SET is_active = false WHERE id = ?", bob.id());
            assertThat(other.rest()).isEmpty();
        }
    }

    /** Notes what the next event says, and gives its id. */
    private static String hear(Sse stream, Map<String, String> last) {
        Sse.Event event = stream.next().orElseThrow();
        last.put(event.data().path("id").asText(), event.data().path("status").asText());
        return event.id();
    }

    private static boolean allReady(Set<String> expected, Map<String, String> last) {
        return last.keySet().containsAll(expected) && Set.of("ready").containsAll(last.values());
    }

    private Sse listen(Person person) {
        var stream = Sse.get(events, person.accessToken());
        assertThat(stream.status()).isEqualTo(200);
        return stream;
    }

    private void rename(String id, String name) {
        alice.json(Map.of("filename", name)).patch("/documents/{id}", id).then().statusCode(200);
    }

    private static String nextName(Sse stream) {
        return stream.next().orElseThrow().data().path("filename").asText();
    }

    private static List<Sse.Event> until(Sse stream, String status) {
        List<Sse.Event> seen = new ArrayList<>();
        do {
            seen.add(stream.next().orElseThrow());
        } while (!seen.getLast().data().path("status").asText().equals(status));
        return seen;
    }

    private String accepted(String filename, String text) {
        return alice.uploading(filename, SampleFiles.text(text))
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    /** Of those that the pool gives out. The one that listens is not among them. */
    private int idleConnectionsThatListen() throws SQLException {
        int listening = 0;
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                Connection connection = database.getConnection();
                taken.add(connection);
                try (var statement = connection.createStatement();
                        var channels = statement.executeQuery("SELECT pg_listening_channels()")) {
                    listening += channels.next() ? 1 : 0;
                }
            }
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        return listening;
    }
}
