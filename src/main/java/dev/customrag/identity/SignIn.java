package dev.customrag.identity;

import dev.customrag.http.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;

/** Signs people in with their password. */
@ApplicationScoped
class SignIn {

    private final PasswordHasher hasher;
    private final RefreshTokens tokens;

    SignIn(PasswordHasher hasher, RefreshTokens tokens) {
        this.hasher = hasher;
        this.tokens = tokens;
    }

    /**
     * Begins a session on this device; those on others go on.
     *
     * @throws Problem 401, the same and after the same time for an unknown address, a wrong password and an inactive
     *     account: OWASP ASVS 5.0, 6.3.8
     */
    SignedIn signIn(String email, String password) {
        Optional<User> user = QuarkusTransaction.requiringNew().call(() -> User.withEmail(email));
        if (user.isEmpty()) {
            hasher.matchNobody(password);
            throw incorrect();
        }
        if (!hasher.matches(password, user.get().passwordHash) || !user.get().active) {
            throw incorrect();
        }
        return QuarkusTransaction.requiringNew().call(() -> User.<User>findByIdOptional(user.get().id)
                .filter(person -> person.active)
                .map(tokens::begin)
                .orElseThrow(SignIn::incorrect));
    }

    private static Problem incorrect() {
        return Problem.unauthorized("incorrect-credentials", "Incorrect email or password");
    }
}
