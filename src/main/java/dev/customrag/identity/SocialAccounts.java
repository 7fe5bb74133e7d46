package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.identity.OneTimeToken.Purpose;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.security.AuthenticationFailedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.hibernate.exception.ConstraintViolationException;

/** Which accounts here belong to which at providers. */
@ApplicationScoped
class SocialAccounts {

    private final SocialProviders providers;
    private final OneTimeTokens oneTimeTokens;
    private final Mails mails;
    private final FirstAdmin firstAdmin;
    private final RecentSignIn recentSignIn;
    private final Audit audit;
    private final Clock clock;

    SocialAccounts(
            SocialProviders providers,
            OneTimeTokens oneTimeTokens,
            Mails mails,
            FirstAdmin firstAdmin,
            RecentSignIn recentSignIn,
            Audit audit,
            Clock clock) {
        this.providers = providers;
        this.oneTimeTokens = oneTimeTokens;
        this.mails = mails;
        this.firstAdmin = firstAdmin;
        this.recentSignIn = recentSignIn;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * The account that a provider's word opens: the one connected with it; else the one of the address, if both sides know
     * the address to be the person's; else a new one.
     *
     * @throws SocialRefusal 403 if the account is not active, or if a new visitor's address is not verified there; 409 if
     *     the account of the address has not verified it
     */
    UUID entered(SocialProvider provider, ProviderAccount vouched) {
        return onceMore(() -> known(provider, vouched).orElseGet(() -> opened(provider, vouched)));
    }

    /**
     * Connects an account at a provider to that of a sign-in.
     *
     * @throws SocialRefusal 400 if the sign-in has ended meanwhile; 409 if another account has it
     */
    SocialIdentity link(SocialProvider provider, ProviderAccount vouched, UUID sessionId) {
        return onceMore(() -> {
            SignInSession session = SignInSession.<SignInSession>findByIdOptional(sessionId)
                    .filter(begun -> begun.endedAt == null && begun.user.active)
                    .orElseThrow(SocialRefusal::noSuchAttempt);
            UUID userId = session.user.id;
            Optional<SocialIdentity> existing = SocialIdentity.of(provider.name(), vouched.subject());
            if (existing.isPresent() && !existing.get().userId.equals(userId)) {
                throw SocialRefusal.takenByAnother().on(userId);
            }
            return existing.orElseGet(() -> {
                SocialIdentity identity = linked(userId, provider, vouched);
                record(Type.PROVIDER_LINKED, identity, sessionId);
                mails.send(Mail.PROVIDER_LINKED, userId, identity.id);
                return identity;
            });
        });
    }

    /** What is connected to somebody's account. */
    @Transactional
    Page<SocialIdentity> list(UUID userId, PageRequest page) {
        return Page.of(
                SocialIdentity.page(userId, page.after(), page.limit + 1),
                page.limit,
                last -> new Cursor(last.createdAt, last.id));
    }

    /**
     * Disconnects one of somebody's. Sign-ins through a provider that wait for their second step are over.
     *
     * @throws Problem 404 if it is none of theirs; 401 if the sign-in is not recent
     * @throws SocialRefusal 409 if they could not sign in any more
     */
    void unlink(UUID userId, UUID sessionId, UUID id) {
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                recentSignIn.require(sessionId);
                // Locked: of two that go at once, one has to stay.
                User user = User.locked(userId).orElseThrow(AuthenticationFailedException::new);
                SocialIdentity identity =
                        SocialIdentity.of(userId, id).orElseThrow(() -> Problem.notFound("Connected sign-in provider"));
                if (user.passwordHash == null && !SocialIdentity.hasOther(userId, id, providers.names())) {
                    throw SocialRefusal.lastWayIn();
                }
                identity.delete();
                oneTimeTokens.voidAll(userId, Set.of(Purpose.MFA_AFTER_PROVIDER));
                record(Type.PROVIDER_UNLINKED, identity, sessionId);
                mails.send(Mail.PROVIDER_UNLINKED, userId, id);
            });
        } catch (SocialRefusal e) {
            audit.recordAlone(SecurityEvent.failed(Type.PROVIDER_UNLINKED, userId, e.slug())
                    .about(id));
            throw e;
        }
    }

    private Optional<UUID> known(SocialProvider provider, ProviderAccount vouched) {
        Optional<SocialIdentity> identity = SocialIdentity.of(provider.name(), vouched.subject());
        if (identity.isPresent()) {
            User user = User.findById(identity.get().userId);
            return Optional.of(active(user).id);
        }
        // Before anything is said about accounts: whoever has not shown the address to be theirs might be asking.
        String email = vouched.verifiedEmail().orElseThrow(SocialRefusal::addressNotVerified);
        return User.withEmail(email).map(user -> {
            if (!user.emailVerified) {
                throw SocialRefusal.accountNotLinked().on(user.id);
            }
            SocialIdentity added = linked(active(user).id, provider, vouched);
            record(Type.PROVIDER_LINKED, added, null);
            mails.send(Mail.PROVIDER_LINKED, user.id, added.id);
            return user.id;
        });
    }

    private UUID opened(SocialProvider provider, ProviderAccount vouched) {
        var user = new User();
        user.id = Ids.next();
        user.email = vouched.verifiedEmail().orElseThrow(SocialRefusal::addressNotVerified);
        user.emailVerified = true;
        user.firstName = vouched.firstName();
        user.lastName = vouched.lastName();
        user.active = true;
        user.createdAt = clock.instant();
        user.updatedAt = user.createdAt;
        user.persistAndFlush();
        audit.record(SecurityEvent.succeeded(Type.REGISTRATION, user.id).because("provider"));
        firstAdmin.registered(user);
        record(Type.PROVIDER_LINKED, linked(user.id, provider, vouched), null);
        return user.id;
    }

    private SocialIdentity linked(UUID userId, SocialProvider provider, ProviderAccount vouched) {
        var identity = new SocialIdentity();
        identity.id = Ids.next();
        identity.userId = userId;
        identity.provider = provider.name();
        identity.subject = vouched.subject();
        identity.createdAt = clock.instant();
        identity.persistAndFlush();
        return identity;
    }

    private void record(Type type, SocialIdentity identity, UUID sessionId) {
        audit.record(SecurityEvent.succeeded(type, identity.userId)
                .about(identity.id)
                .in(sessionId));
    }

    private static User active(User user) {
        if (!user.active) {
            throw SocialRefusal.accountInactive().on(user.id);
        }
        return user;
    }

    /** The same person in two tabs: who is slower finds what the other left. */
    private static <T> T onceMore(Supplier<T> work) {
        try {
            return QuarkusTransaction.requiringNew().call(work::get);
        } catch (ConstraintViolationException e) {
            return QuarkusTransaction.requiringNew().call(work::get);
        }
    }
}
