package dev.customrag.identity;

import dev.customrag.identity.OneTimeToken.Purpose;
import io.quarkus.mailer.MailTemplate.MailTemplateInstance;
import io.quarkus.qute.CheckedTemplate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes mails: whom to, what about, and with which link. A link carries its token in the fragment ({@code #token=…}),
 * which browsers send to no server: so it gets into no log and no {@code Referer} (OWASP ASVS 5.0, 14.2.1), and a scanner
 * that follows links cannot spend it. The web app posts it.
 */
@ApplicationScoped
class MailWriter {

    private static final DateTimeFormatter WHEN = DateTimeFormatter.ofPattern(
                    "d MMMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    private static final Pattern NO_WORDS = Pattern.compile("[^\\p{L}\\p{N} _-]+");

    private final OneTimeTokens tokens;
    private final IdentityConfig config;

    MailWriter(OneTimeTokens tokens, IdentityConfig config) {
        this.tokens = tokens;
        this.config = config;
    }

    /** A mail and where to. */
    record Written(String address, String subject, MailTemplateInstance text) {}

    @CheckedTemplate(basePath = "mail", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static class Templates {

        private Templates() {}

        static native MailTemplateInstance verifyEmail(MailContent mail);

        static native MailTemplateInstance resetPassword(MailContent mail);

        static native MailTemplateInstance confirmNewEmail(MailContent mail);

        static native MailTemplateInstance addressTaken(MailContent mail);

        static native MailTemplateInstance emailChanged(MailContent mail);

        static native MailTemplateInstance newDevice(MailContent mail);

        static native MailTemplateInstance passwordChanged(MailContent mail);

        static native MailTemplateInstance secondFactorAdded(MailContent mail);

        static native MailTemplateInstance secondFactorRemoved(MailContent mail);

        static native MailTemplateInstance recoveryCodeUsed(MailContent mail);

        static native MailTemplateInstance apiKeyCreated(MailContent mail);

        static native MailTemplateInstance providerLinked(MailContent mail);

        static native MailTemplateInstance providerUnlinked(MailContent mail);

        static native MailTemplateInstance signInEnded(MailContent mail);
    }

    /**
     * Writes a mail, about the account as it is now; empty if there is no longer anything to say. The token of its link is
     * stored when this returns, and known to the mail alone.
     */
    @Transactional
    Optional<Written> write(MailJob job) {
        // Locked: no token is to become void while it is issued.
        return job.userId().flatMap(User::locked).flatMap(user -> write(job, user));
    }

    private Optional<Written> write(MailJob job, User user) {
        return switch (job.mail()) {
            case VERIFY_EMAIL ->
                Optional.of(user)
                        .filter(person -> person.active && !person.emailVerified)
                        .map(person -> link(job, prepared(Purpose.EMAIL_VERIFICATION, person)));
            case RESET_PASSWORD ->
                Optional.of(user)
                        .filter(person -> person.active)
                        .map(person -> link(job, prepared(Purpose.PASSWORD_RESET, person)));
            case CONFIRM_NEW_EMAIL ->
                job.about().filter(id -> user.active).flatMap(tokens::prepared).map(token -> confirm(job, token));
            case SIGN_IN_ENDED -> Optional.of(signInEnded(job, user));
            case EMAIL_CHANGED,
                    ADDRESS_TAKEN,
                    NEW_DEVICE,
                    PASSWORD_CHANGED,
                    SECOND_FACTOR_ADDED,
                    SECOND_FACTOR_REMOVED,
                    RECOVERY_CODE_USED,
                    API_KEY_CREATED,
                    PROVIDER_LINKED,
                    PROVIDER_UNLINKED -> Optional.of(notice(job, user));
        };
    }

    private OneTimeToken prepared(Purpose purpose, User user) {
        return tokens.prepare(purpose, user.id, user.email);
    }

    /** If the address has an account, it is told of that instead: whoever asked learns nothing they could not know. */
    private Written confirm(MailJob job, OneTimeToken token) {
        return User.withEmail(token.email)
                .filter(owner -> !owner.id.equals(token.userId))
                .map(owner ->
                        written(Mail.ADDRESS_TAKEN, owner.email, content(job, job.device(), job.network(), "", "")))
                .orElseGet(() -> link(job, token));
    }

    private Written link(MailJob job, OneTimeToken token) {
        String page =
                switch (token.purpose) {
                    case EMAIL_VERIFICATION, EMAIL_CHANGE -> "/verify-email";
                    case PASSWORD_RESET -> "/reset-password";
                    case MFA_AFTER_PASSWORD, MFA_AFTER_PROVIDER ->
                        throw new IllegalArgumentException(token.purpose + " has no link");
                };
        String link = config.webUrl() + page + "#token=" + tokens.issue(token);
        String validFor = words(tokens.lifetime(token.purpose));
        return written(job.mail(), token.email, content(job, job.device(), job.network(), link, validFor));
    }

    private Written notice(MailJob job, User user) {
        String address = job.address().orElse(user.email);
        return written(job.mail(), address, content(job, job.device(), job.network(), "", ""));
    }

    /** Names the sign-in that ended, and not whoever came with its old token. */
    private Written signInEnded(MailJob job, User user) {
        return job.about()
                .flatMap(id -> SignInSession.<SignInSession>findByIdOptional(id))
                .map(session ->
                        written(job.mail(), user.email, content(job, session.device, session.addressPrefix, "", "")))
                .orElseGet(() -> notice(job, user));
    }

    private MailContent content(MailJob job, String device, String network, String link, String validFor) {
        return new MailContent(config.webUrl(), link, validFor, WHEN.format(job.at()), unlinked(device), network);
    }

    /** The name of a device as words: mail programs make links of what looks like an address. */
    static String unlinked(String device) {
        return NO_WORDS.matcher(device).replaceAll(" ").strip();
    }

    static String words(Duration time) {
        if (time.toMinutes() % 60 != 0) {
            return time.toMinutes() + (time.toMinutes() == 1 ? " minute" : " minutes");
        }
        return time.toHours() + (time.toHours() == 1 ? " hour" : " hours");
    }

    private static Written written(Mail mail, String address, MailContent content) {
        MailTemplateInstance template =
                switch (mail) {
                    case VERIFY_EMAIL -> Templates.verifyEmail(content);
                    case RESET_PASSWORD -> Templates.resetPassword(content);
                    case CONFIRM_NEW_EMAIL -> Templates.confirmNewEmail(content);
                    case ADDRESS_TAKEN -> Templates.addressTaken(content);
                    case EMAIL_CHANGED -> Templates.emailChanged(content);
                    case NEW_DEVICE -> Templates.newDevice(content);
                    case PASSWORD_CHANGED -> Templates.passwordChanged(content);
                    case SECOND_FACTOR_ADDED -> Templates.secondFactorAdded(content);
                    case SECOND_FACTOR_REMOVED -> Templates.secondFactorRemoved(content);
                    case RECOVERY_CODE_USED -> Templates.recoveryCodeUsed(content);
                    case API_KEY_CREATED -> Templates.apiKeyCreated(content);
                    case PROVIDER_LINKED -> Templates.providerLinked(content);
                    case PROVIDER_UNLINKED -> Templates.providerUnlinked(content);
                    case SIGN_IN_ENDED -> Templates.signInEnded(content);
                };
        return new Written(address, mail.subject(), template);
    }
}
