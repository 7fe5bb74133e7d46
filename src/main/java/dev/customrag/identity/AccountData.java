package dev.customrag.identity;

import dev.customrag.audit.AuditTrail;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** What is stored about accounts and those who sign in to them, security events included: {@link CleanUp} removes it. */
@ApplicationScoped
class AccountData implements PersonalData {

    private final IdentityConfig config;
    private final CleanUpConfig cleanUp;
    private final MailConfig mails;
    private final SessionLimits limits;
    private final AuditTrail trail;
    private final AccountExport account;

    AccountData(
            IdentityConfig config,
            CleanUpConfig cleanUp,
            MailConfig mails,
            SessionLimits limits,
            AuditTrail trail,
            AccountExport account) {
        this.config = config;
        this.cleanUp = cleanUp;
        this.mails = mails;
        this.limits = limits;
        this.trail = trail;
        this.account = account;
    }

    @Override
    public List<Kept> kept() {
        Duration remembered = limits.longestWithoutUse().plus(cleanUp.sessionMemory());
        Duration links = Stream.of(
                        config.emailVerificationLifetime(),
                        config.emailChangeLifetime(),
                        config.passwordResetLifetime())
                .max(Duration::compareTo)
                .orElseThrow()
                .plus(CleanUp.GRACE);
        return List.of(
                Kept.inDatabase(
                        "Account: name, e-mail address, hash of the password, connected sign-in providers, second factor",
                        "until you delete the account or remove the factor or provider",
                        "users",
                        "social_identities",
                        "second_factors",
                        "recovery_codes"),
                Kept.inDatabase(
                        "Sign-ins: device, network, times, hashes of tokens",
                        "after the last use; the latest sign-in stays until you delete the account",
                        remembered,
                        "sign_in_sessions",
                        "refresh_tokens"),
                Kept.inDatabase(
                        "API keys: name, first characters, hash, times",
                        "until you delete the account; after being revoked, for the time given",
                        remembered,
                        "api_keys"),
                Kept.inDatabase(
                        "Links sent by mail and sign-ins under way: hashes, the address a link was sent to",
                        "after they are made",
                        links,
                        "one_time_tokens",
                        "provider_attempts"),
                Kept.inDatabase(
                        "Counters of failed sign-ins and of requests, under hashes of addresses and networks",
                        "after the last count",
                        SignInFailures.FORGOTTEN_AFTER.plus(cleanUp.interval()),
                        "sign_in_failures",
                        "rate_limits"),
                Kept.inDatabase(
                        "Mails to be sent: to whom, about what",
                        "until they are sent; after what they tell of",
                        mails.giveUpAfter(),
                        "background_tasks"),
                Kept.inDatabase(
                        "Security events: what happened to an account, when, from which network and program",
                        "after they happen, also when the account is deleted, under an id that then means nobody",
                        trail.retention(),
                        "audit_events"));
    }

    @Override
    public List<Exported> exported() {
        return AccountExport.FILES;
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(
                new LeftOut(
                        "Hashes of your password, keys, codes, links and of tokens with their times, and the secret of your second factor",
                        "they prove who somebody is, and would do so in the wrong hands",
                        "refresh_tokens"),
                new LeftOut(
                        "Sign-ins under way at a provider",
                        "hashes, gone soon after they were begun",
                        "provider_attempts"),
                new LeftOut(
                        "Counters of failed sign-ins and of requests",
                        "they are under hashes, so that nobody can tell whose they are",
                        "sign_in_failures",
                        "rate_limits"),
                new LeftOut("Mails to be sent", "gone as soon as you have them", "background_tasks"));
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        account.write(person, export);
    }
}
