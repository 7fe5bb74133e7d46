package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.Client;
import dev.customrag.testing.FakeProviders;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who comes with tokens that are none does not fill the record of security events. */
@QuarkusTest
@WithTestResource(value = FakeProviders.class, scope = TestResourceScope.GLOBAL)
class LinkFailureTest {

    /** A hundred, and some that come back meanwhile. */
    private static final int MORE_THAN_MAY = 200;

    private final Client stranger = Client.somewhere();

    static Stream<Named<Function<Client, Response>>> junk() {
        return Stream.of(
                Named.of("/auth/email/verify", from -> from.post("/auth/email/verify", Map.of("token", "junk"))),
                Named.of(
                        "/auth/password/reset",
                        from -> from.post(
                                "/auth/password/reset",
                                Map.of("token", "junk", "new_password", "violet tractor umbrella"))),
                Named.of(
                        "/auth/mfa/verify",
                        from -> from.post("/auth/mfa/verify", Map.of("mfa_token", "junk", "code", "123456"))),
                Named.of("/auth/oauth/example/callback", LinkFailureTest::callingBack));
    }

    @ParameterizedTest
    @MethodSource("junk")
    void aNetworkIsRefusedAfterAHundredAndRecordedNoMore(Function<Client, Response> call) {
        int recorded = 0;
        Response answer = call.apply(stranger);
        while (answer.statusCode() != 429 && recorded < MORE_THAN_MAY) {
            assertThat(answer.statusCode()).isIn(400, 401);
            recorded++;
            answer = call.apply(stranger);
        }

        isLimited(answer);
        assertThat(recorded).isBetween(100, MORE_THAN_MAY - 1);
        int rows = events();
        assertThat(call.apply(stranger).statusCode()).isEqualTo(429);
        assertThat(events()).isEqualTo(rows).isBetween(100, recorded + 1);
        assertThat(call.apply(Client.somewhere()).statusCode()).isIn(400, 401);
        Person alice = Person.registered();
        stranger.loggingIn(alice.email(), alice.password()).then().statusCode(200);
        stranger.post("/auth/refresh", Map.of("refresh_token", alice.refreshToken()))
                .then()
                .statusCode(200);
    }

    @Test
    void aBrowserIsSentBackToTheWebAppWithThat() {
        Response answer = callingBack(stranger);
        for (int i = 0; i < MORE_THAN_MAY && answer.statusCode() != 429; i++) {
            answer = callingBack(stranger);
        }

        Response page = stranger.request()
                .accept("text/html")
                .redirects()
                .follow(false)
                .get("/auth/oauth/example/callback?state=junk&code=junk");

        page.then().statusCode(303);
        assertThat(page.header("Location")).endsWith("/?sign_in_error=too-many-requests");
    }

    @Test
    void connectionsThatAreBegunCountAsSignInsDo() {
        Person alice = Person.registered();
        Response answer = beginningToLink(alice);
        for (int i = 0; i < MORE_THAN_MAY && answer.statusCode() == 200; i++) {
            answer = beginningToLink(alice);
        }

        isLimited(answer);
        assertThat(stranger.request()
                        .accept("application/json")
                        .get("/auth/oauth/example")
                        .statusCode())
                .isEqualTo(429);
    }

    private Response beginningToLink(Person person) {
        return stranger.request()
                .header("Authorization", "Bearer " + person.accessToken())
                .post("/auth/oauth/example");
    }

    private static Response callingBack(Client from) {
        return from.request().accept("application/json").get("/auth/oauth/example/callback?state=junk&code=junk");
    }

    private static void isLimited(Response answer) {
        answer.then().statusCode(429).contentType("application/problem+json");
        assertThat(Long.parseLong(answer.header("Retry-After"))).isBetween(1L, 10L);
    }

    /** What was recorded of failures from the stranger's network. */
    private int events() {
        String prefix = stranger.address().replaceFirst("^2001:db8:([0-9a-f]+):.*", "2001:db8:$1:%");
        return Sql.query("SELECT 1 FROM audit_events WHERE outcome = 'failure' AND address_prefix LIKE ?", prefix)
                .size();
    }
}
