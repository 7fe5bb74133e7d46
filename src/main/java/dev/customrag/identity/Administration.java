package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.OneTimeToken.Purpose;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.ForbiddenException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Looks after other people's accounts, of which it shows nothing that is theirs alone. */
@ApplicationScoped
class Administration {

    private final SignInSessions sessions;
    private final OneTimeTokens tokens;
    private final Audit audit;
    private final Clock clock;

    Administration(SignInSessions sessions, OneTimeTokens tokens, Audit audit, Clock clock) {
        this.sessions = sessions;
        this.tokens = tokens;
        this.audit = audit;
        this.clock = clock;
    }

    /** An account and when its person last signed in, null if they never did. */
    record Account(User user, Instant lastSignInAt) {}

    /** Who changes an account, and the sign-in they do it in. */
    record Administrator(UUID id, UUID sessionId) {}

    /** A page of the accounts that match, newest first. */
    @Transactional
    Page<Account> list(UserFilter filter, PageRequest page) {
        List<User> rows = User.list(filter, page.after(), page.limit + 1);
        Map<UUID, Instant> last =
                SignInSession.lastBegun(rows.stream().map(user -> user.id).toList());
        return Page.of(rows, page.limit, (User user) -> new Cursor(user.createdAt, user.id))
                .map(user -> new Account(user, last.get(user.id)));
    }

    /**
     * The account of that id.
     *
     * @throws Problem 404 if there is none
     */
    @Transactional
    Account get(UUID id) {
        return account(User.<User>findByIdOptional(id).orElseThrow(() -> Problem.notFound("User")));
    }

    /**
     * Lets a person in or shuts them out, which ends all their sign-ins and voids all links sent to them; and gives them
     * roles. It holds from their next request on.
     *
     * @param active null leaves it as it is
     * @param roles all they have from now on; null leaves them as they are
     * @throws Problem 404 if there is no such account; 409 if the administrator would shut themselves out, or nobody
     *     would be left to administer
     * @throws ForbiddenException if they have ceased to be an administrator a moment ago
     */
    Account change(Administrator by, UUID id, Boolean active, List<String> roles) {
        try {
            return QuarkusTransaction.requiringNew().call(() -> changed(by, id, active, roles));
        } catch (Refused e) {
            audit.recordAlone(
                    SecurityEvent.failed(e.change, id, e.reason).by(by.id()).in(by.sessionId()));
            throw e;
        }
    }

    private Account changed(Administrator by, UUID id, Boolean active, List<String> roles) {
        // One change at a time: two who revoke each other's role do not both succeed.
        List<User> administrators = User.lockedAdministrators();
        if (administrators.stream().noneMatch(user -> user.id.equals(by.id()))) {
            throw new ForbiddenException();
        }
        User user = User.locked(id).orElseThrow(() -> Problem.notFound("User"));
        if (active != null && active != user.active) {
            if (active) {
                reactivate(user, by);
            } else {
                deactivate(user, by);
            }
        }
        if (roles != null) {
            boolean admin = roles.contains(Roles.ADMIN);
            if (admin && !user.isAdmin()) {
                grant(user, by);
            } else if (!admin && user.isAdmin()) {
                revoke(user, by, administrators);
            }
        }
        return account(user);
    }

    private void deactivate(User user, Administrator by) {
        if (user.id.equals(by.id())) {
            throw new Refused(
                    Type.ACCOUNT_DEACTIVATED,
                    "own-account",
                    "You cannot deactivate your own account. Ask another administrator.");
        }
        user.active = false;
        user.updatedAt = clock.instant();
        sessions.endAll(user.id);
        // Nor when they are back: a mailbox that somebody else reads may be why they were shut out.
        tokens.voidAll(user.id, EnumSet.allOf(Purpose.class));
        record(SecurityEvent.succeeded(Type.ACCOUNT_DEACTIVATED, user.id), by);
    }

    private void reactivate(User user, Administrator by) {
        user.active = true;
        user.updatedAt = clock.instant();
        record(SecurityEvent.succeeded(Type.ACCOUNT_REACTIVATED, user.id), by);
    }

    private void grant(User user, Administrator by) {
        user.roles = List.of(Roles.ADMIN);
        user.updatedAt = clock.instant();
        record(SecurityEvent.succeeded(Type.ROLE_GRANTED, user.id).because(Roles.ADMIN), by);
    }

    private void revoke(User user, Administrator by, List<User> administrators) {
        if (user.active && administrators.size() == 1) {
            throw new Refused(
                    Type.ROLE_REVOKED,
                    "last-administrator",
                    "This is the only active administrator. Make somebody else one first.");
        }
        user.roles = List.of();
        user.updatedAt = clock.instant();
        record(SecurityEvent.succeeded(Type.ROLE_REVOKED, user.id).because(Roles.ADMIN), by);
    }

    private void record(SecurityEvent event, Administrator by) {
        audit.record(event.by(by.id()).in(by.sessionId()));
    }

    private static Account account(User user) {
        return new Account(user, SignInSession.lastBegun(List.of(user.id)).get(user.id));
    }

    /** A change that would leave the installation, or the administrator, worse off than they can have meant. */
    private static final class Refused extends Problem {

        private static final long serialVersionUID = 1L;

        private final Type change;
        private final String reason;

        Refused(Type change, String reason, String detail) {
            super(409, reason, "Conflict", detail);
            this.change = change;
            this.reason = reason;
        }
    }
}
