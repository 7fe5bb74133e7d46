package dev.customrag.identity;

import dev.customrag.audit.AuditTrail;
import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What is stored about accounts and those who sign in to them, security events included: {@link CleanUp} removes it. */
@ApplicationScoped
class AccountData implements PersonalData {

    private final IdentityConfig config;
    private final CleanUpConfig cleanUp;
    private final MailConfig mails;
    private final SessionLimits limits;
    private final AuditTrail trail;

    AccountData(
            IdentityConfig config, CleanUpConfig cleanUp, MailConfig mails, SessionLimits limits, AuditTrail trail) {
        this.config = config;
        this.cleanUp = cleanUp;
        this.mails = mails;
        this.limits = limits;
        this.trail = trail;
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
}
