package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who is an administrator without another one's doing: whom the configuration names, once the address is shown to be
 * theirs, as anybody could have registered it; and, only if asked for, whoever registers first.
 */
@ApplicationScoped
class FirstAdmin {

    private final Optional<Pattern> address;
    private final IdentityConfig config;
    private final Audit audit;
    private final Clock clock;

    FirstAdmin(IdentityConfig config, Audit audit, Clock clock) {
        // ASCII letters in any case, and nothing else: to Unicode the sign for Kelvin is a K.
        address = config.adminEmail().map(email -> Pattern.compile(Pattern.quote(email), Pattern.CASE_INSENSITIVE));
        this.config = config;
        this.audit = audit;
        this.clock = clock;
    }

    /** For an account that was stored in this transaction: gives it the role if it is the only one, and so asked for. */
    @Transactional(TxType.MANDATORY)
    void registered(User user) {
        if (config.firstRegistrationIsAdmin() && User.isAlone(user.id)) {
            grant(user, "first-registration");
        }
    }

    /**
     * Gives a person the role if theirs is the configured address and is verified. To be called when the address has
     * been verified and at each sign-in, with the account locked and read under that lock.
     */
    @Transactional(TxType.MANDATORY)
    void recognise(User user) {
        if (user.emailVerified
                && !user.isAdmin()
                && address.filter(pattern -> pattern.matcher(user.email).matches())
                        .isPresent()) {
            grant(user, "configured-address");
        }
    }

    /** The configuration may have changed since they last signed in. */
    void recogniseAtStart(@Observes StartupEvent event) {
        config.adminEmail().ifPresent(email -> QuarkusTransaction.requiringNew()
                .run(() -> User.lockedWithEmail(email).ifPresent(this::recognise)));
    }

    private void grant(User user, String reason) {
        user.roles = List.of(Roles.ADMIN);
        user.updatedAt = clock.instant();
        // By nobody: it is the configuration's doing.
        audit.record(SecurityEvent.succeeded(Type.ROLE_GRANTED, user.id)
                .because(reason)
                .by(null));
    }
}
