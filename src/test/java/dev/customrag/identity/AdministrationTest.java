package dev.customrag.identity;

import static dev.customrag.testing.Person.bearing;
import static dev.customrag.testing.Person.loggingIn;
import static dev.customrag.testing.Person.refreshing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.testing.Together;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That an installation keeps an administrator, and that who is shut out is out, whoever does what at the same moment. */
@QuarkusTest
class AdministrationTest {

    private Person admin;
    private Person alice;

    @BeforeEach
    void register() {
        admin = Person.administrator();
        alice = Person.registered();
    }

    @Test
    void anAdministratorDoesNotShutThemselvesOut() {
        changing(admin, admin.id(), Map.of("is_active", false))
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", equalTo("urn:customrag:problem:own-account"));

        admin.request().get("/admin/users").then().statusCode(200);
        assertThat(Sql.query(
                        "SELECT concat(type, ' ', outcome, ' ', reason) FROM audit_events"
                                + " WHERE subject_id = ? AND actor_id = subject_id ORDER BY id DESC LIMIT 1",
                        admin.id()))
                .containsExactly("account-deactivated failure own-account");
    }

    @Test
    void theLastAdministratorStaysOne() {
        beAlone(admin);
        changing(admin, admin.id(), Map.of("roles", List.of()))
                .then()
                .statusCode(409)
                .body("type", equalTo("urn:customrag:problem:last-administrator"));

        // One who is shut out is none who could help.
        Sql.update("UPDATE users SET roles = '{admin}', is_active = false WHERE id = ?", alice.id());
        changing(admin, admin.id(), Map.of("roles", List.of())).then().statusCode(409);

        changing(admin, alice.id(), Map.of("is_active", true)).then().statusCode(200);
        changing(admin, admin.id(), Map.of("roles", List.of())).then().statusCode(200);
        admin.request().get("/admin/users").then().statusCode(403);
    }

    @Test
    void aRefusedChangeChangesNothingAtAll() {
        beAlone(admin);

        changing(admin, admin.id(), Map.of("is_active", false, "roles", List.of()))
                .then()
                .statusCode(409);
        admin.request().get("/admin/users/{id}", admin.id()).then().body("is_active", equalTo(true));
    }

    @Test
    void ofTwoWhoTakeEachOthersRoleOneKeepsIt() {
        for (int round = 0; round < 3; round++) {
            Person one = Person.administrator();
            Person other = Person.administrator();
            Sql.update("UPDATE users SET roles = '{}' WHERE id NOT IN (?, ?)", one.id(), other.id());

            List<Integer> answers = atOnce(List.of(
                    () -> changing(one, other.id(), Map.of("roles", List.of())),
                    () -> changing(other, one.id(), Map.of("roles", List.of()))));

            assertThat(answers).containsExactlyInAnyOrder(200, 403);
            assertThat(administrators()).hasSize(1);
        }
    }

    @Test
    void ofTwoWhoGiveUpTheirRoleOneKeepsIt() {
        for (int round = 0; round < 3; round++) {
            Person one = Person.administrator();
            Person other = Person.administrator();
            Sql.update("UPDATE users SET roles = '{}' WHERE id NOT IN (?, ?)", one.id(), other.id());

            List<Integer> answers = atOnce(List.of(
                    () -> changing(one, one.id(), Map.of("roles", List.of())),
                    () -> changing(other, other.id(), Map.of("roles", List.of()))));

            assertThat(answers).containsExactlyInAnyOrder(200, 409);
            assertThat(administrators()).hasSize(1);
        }
    }

    @Test
    void ofTwoWhoShutEachOtherOutOneStays() {
        for (int round = 0; round < 3; round++) {
            Person one = Person.administrator();
            Person other = Person.administrator();

            List<Integer> answers = atOnce(List.of(
                    () -> changing(one, other.id(), Map.of("is_active", false)),
                    () -> changing(other, one.id(), Map.of("is_active", false))));

            assertThat(answers).containsOnlyOnce(200).containsAnyOf(401, 403);
        }
    }

    /** Whatever the order, a session that begins or goes on meanwhile is none that outlives the deactivation. */
    @Test
    void nobodySlipsInWhileTheyAreShutOut() {
        for (int round = 0; round < 3; round++) {
            Person bob = Person.registered();
            Person.Tokens phone = bob.login();
            Queue<String> tokens = new ConcurrentLinkedQueue<>();

            List<Integer> answers = atOnce(List.of(
                    () -> changing(admin, bob.id(), Map.of("is_active", false)),
                    () -> kept(loggingIn(bob.email(), bob.password()), tokens),
                    () -> kept(refreshing(phone.refresh()), tokens),
                    () -> kept(refreshing(bob.refreshToken()), tokens)));

            assertThat(answers).contains(200).doesNotContain(500);
            changing(admin, bob.id(), Map.of("is_active", true)).then().statusCode(200);
            for (String token : tokens) {
                bearing(token).get("/auth/me").then().statusCode(401);
            }
        }
    }

    private static Response changing(Person by, Object id, Map<String, ?> change) {
        return by.json(change).patch("/admin/users/{id}", id);
    }

    private static Response kept(Response answer, Queue<String> tokens) {
        if (answer.statusCode() == 200) {
            tokens.add(answer.path("access_token"));
        }
        return answer;
    }

    private static List<Integer> atOnce(List<Supplier<Response>> calls) {
        Queue<Supplier<Response>> waiting = new ConcurrentLinkedQueue<>(calls);
        return Together.call(calls.size(), () -> waiting.remove().get().statusCode());
    }

    private static void beAlone(Person admin) {
        Sql.update("UPDATE users SET roles = '{}' WHERE id <> ?", admin.id());
    }

    private static List<Object> administrators() {
        return Sql.query("SELECT id FROM users WHERE is_active AND roles = '{admin}'");
    }
}
