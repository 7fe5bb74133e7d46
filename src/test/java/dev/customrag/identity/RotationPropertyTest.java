package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.audit.Audit;
import dev.customrag.http.Problem;
import dev.customrag.testing.MovableClock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.TransactionExceptionResult;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever order refreshes, replays, logouts and pauses come in, a sign-in stays in one of its allowed states. Many random
 * histories, each from its seed, so that one that fails can be run again.
 */
@QuarkusTest
class RotationPropertyTest {

    private static final int HISTORIES = 40;
    private static final int STEPS = 25;

    @Inject
    SigningKeys keys;

    @Inject
    SignInSessions sessions;

    @Inject
    SessionLimits limits;

    @Inject
    Mails mails;

    @Inject
    Audit audit;

    @Inject
    IdentityConfig config;

    private final MovableClock clock = new MovableClock(Instant.now().truncatedTo(ChronoUnit.MICROS));
    private TokenVerifier verifier;

    @BeforeEach
    void verifyByThatClock() {
        verifier = new TokenVerifier(keys, config, clock);
    }

    static List<Long> seeds() {
        return new Random(20260107).longs(HISTORIES).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyHistoryKeepsTheRules(long seed) {
        new History(seed).run(STEPS);
    }

    /** One sign-in, what was done with its tokens, and what has to follow from that. */
    private final class History {

        private final Duration interval = config.refreshReuseInterval();
        private final Random random;
        private final RefreshTokens tokens = new RefreshTokens(
                new TokenIssuer(keys, config, limits, clock), verifier, sessions, limits, mails, audit, config, clock);
        private final UUID session;

        /** All tokens that were ever answered, in order. */
        private final List<String> known = new ArrayList<>();

        /** What a spent token was answered with last, and when. */
        private final Map<String, String> successors = new HashMap<>();

        private final Map<String, Instant> spent = new HashMap<>();
        private String current;

        /** The last token that made up for a lost answer. */
        private String replaced;

        private boolean ended;
        private boolean reused;

        History(long seed) {
            random = new Random(seed);
            UUID person = Person.registered().id();
            current = inTransaction(() -> tokens.begin(User.findById(person), "test"))
                    .refreshToken();
            known.add(current);
            session = UUID.fromString(sessionOf(current));
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                switch (random.nextInt(10)) {
                    case 0, 1, 2 -> refresh(current);
                    case 3, 4, 5 -> refresh(known.get(random.nextInt(known.size())));
                    case 6 -> refresh(known.get(Math.max(0, known.size() - 2)));
                    case 7 -> clock.pass(interval.dividedBy(2));
                    case 8 -> clock.pass(interval.plusSeconds(1));
                    default -> logoutRarely();
                }
                onlyTheCurrentTokenIsUnspent();
            }
            assertThat(Sql.query(
                            "SELECT id FROM audit_events WHERE session_id = ? AND type = 'refresh-token-reuse'",
                            session))
                    .hasSize(reused ? 1 : 0);
        }

        private void refresh(String token) {
            boolean wasEnded = ended;
            boolean fresh = token.equals(current);
            boolean justSpent =
                    spent.containsKey(token) && spent.get(token).plus(interval).isAfter(clock.instant());
            boolean parent = !fresh && current.equals(successors.get(token));
            Optional<String> answer = tried(() -> tokens.rotate(token).refreshToken());

            if (wasEnded) {
                assertThat(answer).as("an ended sign-in stays ended").isEmpty();
            } else if (fresh) {
                assertThat(answer).as("the current token is good").isPresent();
                spend(token, answer.get());
            } else if (justSpent) {
                assertThat(answer).as("tabs converge").contains(successors.get(token));
            } else if (answer.isPresent()) {
                assertThat(parent)
                        .as("only the token before the current one is replaced")
                        .isTrue();
                assertThat(replaced).as("never twice in a row").isNotEqualTo(current);
                spend(current, answer.get());
                spend(token, answer.get());
                replaced = answer.get();
            } else {
                assertThat(parent && !current.equals(replaced))
                        .as("a lost answer is replaced")
                        .isFalse();
                ended = true;
                reused = true;
            }
            assertThat(hasEnded()).isEqualTo(ended);
        }

        private void spend(String token, String answer) {
            assertThat(answer).isNotEqualTo(token);
            successors.put(token, answer);
            spent.put(token, clock.instant());
            current = answer;
            if (!known.contains(answer)) {
                known.add(answer);
            }
        }

        private void logoutRarely() {
            if (random.nextInt(4) > 0) {
                return;
            }
            String token = known.get(random.nextInt(known.size()));
            boolean wasEnded = ended;
            boolean lost = current.equals(successors.get(token)) && !current.equals(replaced);
            boolean good = token.equals(current)
                    || lost
                    || spent.get(token).plus(interval).isAfter(clock.instant());
            boolean done = tried(() -> {
                        tokens.end(token);
                        return token;
                    })
                    .isPresent();

            assertThat(done).isEqualTo(good && !wasEnded);
            reused |= !good && !wasEnded;
            ended = true;
            assertThat(hasEnded()).isTrue();
        }

        private void onlyTheCurrentTokenIsUnspent() {
            assertThat(Sql.query("SELECT id FROM refresh_tokens WHERE session_id = ? AND spent_at IS NULL", session))
                    .containsExactly(UUID.fromString(idOf(current)));
        }

        private boolean hasEnded() {
            return Sql.query("SELECT ended_at FROM sign_in_sessions WHERE id = ?", session)
                            .getFirst()
                    != null;
        }
    }

    private String sessionOf(String token) {
        try {
            return verifier.verify(token, Token.Type.REFRESH).sessionId().toString();
        } catch (TokenRefused e) {
            throw new AssertionError(e);
        }
    }

    private String idOf(String token) {
        try {
            return verifier.verify(token, Token.Type.REFRESH).id().toString();
        } catch (TokenRefused e) {
            throw new AssertionError(e);
        }
    }

    private static Optional<String> tried(Supplier<String> work) {
        try {
            return Optional.of(inTransaction(work));
        } catch (Problem refused) {
            return Optional.empty();
        }
    }

    /** As the interceptor would have it, which an object of this test's own making has not: refusals are kept. */
    private static <T> T inTransaction(Supplier<T> work) {
        return QuarkusTransaction.requiringNew()
                .exceptionHandler(e -> TransactionExceptionResult.COMMIT)
                .call(work::get);
    }
}
