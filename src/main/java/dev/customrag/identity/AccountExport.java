package dev.customrag.identity;

import dev.customrag.audit.AuditTrail;
import dev.customrag.audit.EventFilter;
import dev.customrag.http.Cursor;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Pages;
import dev.customrag.identity.SecurityEventResource.EventView;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData.Exported;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** Writes what is known of an account into its person's export: all but what proves who somebody is. */
@ApplicationScoped
class AccountExport {

    private static final String PROFILE = "account/profile.json";
    private static final String SIGN_INS = "account/sign-ins.jsonl";
    private static final String PROVIDERS = "account/providers.jsonl";
    private static final String KEYS = "account/api-keys.jsonl";
    private static final String SECOND_FACTOR = "account/second-factor.json";
    private static final String LINKS = "account/links.jsonl";
    private static final String EVENTS = "account/security-events.jsonl";

    static final List<Exported> FILES = List.of(
            new Exported(PROFILE, "Your account: name, e-mail address, roles"),
            new Exported(SIGN_INS, "Your sign-ins: device, network, times"),
            new Exported(PROVIDERS, "Accounts elsewhere that you sign in with"),
            new Exported(KEYS, "Your API keys: name, first characters, times"),
            new Exported(SECOND_FACTOR, "Your second factor: since when, and which recovery codes are used"),
            new Exported(
                    LINKS, "Links that were sent to you, and sign-ins that waited for a code: what for, when, whereto"),
            new Exported(
                    EVENTS,
                    "What happened to the security of your account, and what you did to others' as administrator"));

    private static final int PAGE = 100;

    private final AuditTrail trail;

    AccountExport(AuditTrail trail) {
        this.trail = trail;
    }

    /** @param hasPassword whether there is one; what it is, nobody knows but the person */
    @RegisterForReflection
    record ExportedAccount(
            UUID id,
            String email,
            String firstName,
            String lastName,
            boolean isActive,
            boolean emailVerified,
            boolean hasPassword,
            List<String> roles,
            Instant createdAt,
            Instant updatedAt) {

        static ExportedAccount of(User user) {
            return new ExportedAccount(
                    user.id,
                    user.email,
                    user.firstName,
                    user.lastName,
                    user.active,
                    user.emailVerified,
                    user.passwordHash != null,
                    user.roles,
                    user.createdAt,
                    user.updatedAt);
        }
    }

    @RegisterForReflection
    record ExportedSignIn(
            UUID id, String device, String addressPrefix, Instant createdAt, Instant lastUsedAt, Instant endedAt) {

        static ExportedSignIn of(SignInSession session) {
            return new ExportedSignIn(
                    session.id,
                    session.device,
                    session.addressPrefix,
                    session.createdAt,
                    session.lastUsedAt,
                    session.endedAt);
        }
    }

    /** @param subject who the person is there */
    @RegisterForReflection
    record ExportedProvider(UUID id, String provider, String subject, Instant createdAt) {

        static ExportedProvider of(SocialIdentity identity) {
            return new ExportedProvider(identity.id, identity.provider, identity.subject, identity.createdAt);
        }
    }

    @RegisterForReflection
    record ExportedKey(
            UUID id,
            String name,
            String hint,
            Instant createdAt,
            Instant expiresAt,
            Instant lastUsedAt,
            Instant revokedAt) {

        static ExportedKey of(ApiKey key) {
            return new ExportedKey(
                    key.id, key.name, key.hint, key.createdAt, key.expiresAt, key.lastUsedAt, key.revokedAt);
        }
    }

    /** @param begunAt null without one; it counts from {@code confirmedAt} on */
    @RegisterForReflection
    record ExportedFactor(Instant begunAt, Instant confirmedAt, List<ExportedCode> recoveryCodes) {}

    @RegisterForReflection
    record ExportedCode(UUID id, Instant usedAt) {}

    @RegisterForReflection
    record ExportedLink(
            UUID id, String purpose, String email, int tries, Instant createdAt, Instant expiresAt, Instant usedAt) {

        static ExportedLink of(OneTimeToken token) {
            return new ExportedLink(
                    token.id,
                    token.purpose.name().toLowerCase(Locale.ROOT),
                    token.email,
                    token.tries,
                    token.createdAt,
                    token.expiresAt,
                    token.usedAt);
        }
    }

    void write(UUID person, Export export) throws IOException {
        Optional<ExportedAccount> account =
                reading(() -> User.<User>findByIdOptional(person).map(ExportedAccount::of));
        if (account.isPresent()) {
            export.json(PROFILE, account.get());
        }
        export.lines(
                SIGN_INS,
                Pages.of(
                        PAGE,
                        page -> list(
                                page,
                                after -> SignInSession.of(person, after, page.limit + 1),
                                ExportedSignIn::of,
                                last -> new Cursor(last.createdAt(), last.id()))));
        export.lines(
                PROVIDERS,
                Pages.of(
                        PAGE,
                        page -> list(
                                page,
                                after -> SocialIdentity.page(person, after, page.limit + 1),
                                ExportedProvider::of,
                                last -> new Cursor(last.createdAt(), last.id()))));
        export.lines(
                KEYS,
                Pages.of(
                        PAGE,
                        page -> list(
                                page,
                                after -> ApiKey.ever(person, after, page.limit + 1),
                                ExportedKey::of,
                                last -> new Cursor(last.createdAt(), last.id()))));
        export.json(SECOND_FACTOR, reading(() -> factor(person)));
        export.lines(
                LINKS,
                Pages.of(
                        PAGE,
                        page -> list(
                                page,
                                after -> OneTimeToken.of(person, after, page.limit + 1),
                                ExportedLink::of,
                                last -> new Cursor(last.createdAt(), last.id()))));
        EventFilter hers = EventFilter.of(person);
        export.lines(
                EVENTS,
                Pages.map(Pages.of(PAGE, page -> trail.search(hers, page)), event -> EventView.of(event, person)));
    }

    private static ExportedFactor factor(UUID person) {
        List<ExportedCode> codes = RecoveryCode.of(person).stream()
                .map(code -> new ExportedCode(code.id, code.usedAt))
                .toList();
        return SecondFactor.of(person)
                .map(factor -> new ExportedFactor(factor.createdAt, factor.confirmedAt, codes))
                .orElse(new ExportedFactor(null, null, codes));
    }

    private static <E, T> Page<T> list(
            PageRequest page,
            Function<Optional<Cursor>, List<E>> rows,
            Function<E, T> view,
            Function<T, Cursor> cursor) {
        List<T> found =
                reading(() -> rows.apply(page.after()).stream().map(view).toList());
        return Page.of(found, page.limit, cursor);
    }

    private static <T> T reading(Callable<T> work) {
        return QuarkusTransaction.requiringNew().call(work);
    }
}
