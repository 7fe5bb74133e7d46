package dev.customrag.identity;

import io.vertx.ext.mail.SMTPException;
import io.vertx.ext.mail.mailencoder.EmailAddress;
import java.net.IDN;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whom a mail is for, as SMTP has it. */
final class Recipient {

    /** An enhanced status code (RFC 3463) at the beginning of a reply. */
    private static final Pattern REPLY = Pattern.compile("^\\d{3}[ -](\\d\\.\\d{1,3}\\.\\d{1,3})\\b.*", Pattern.DOTALL);

    /**
     * Of those about an address, the ones about the recipient's: no such mailbox, host or form of address, moved, takes no
     * mail (RFC 7505), disabled. The others are about ours, or pass.
     */
    private static final Pattern ABOUT_RECIPIENT = Pattern.compile("5\\.(1\\.(1|2|3|6|10)|2\\.1)");

    /** Without anything that could begin a new line or a second address. */
    private static final Pattern LOCAL_AND_DOMAIN = Pattern.compile("([^\\s\\p{Cc}<>]+)@([^\\s\\p{Cc}<>@]+)");

    private Recipient() {}

    /**
     * An address as it can be sent to: the domain in ASCII (RFC 5891). Empty if SMTP or the mailer cannot carry it, such as
     * a quoted local part with a space.
     */
    static Optional<String> of(String address) {
        Matcher parts = LOCAL_AND_DOMAIN.matcher(address);
        if (!parts.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EmailAddress(parts.group(1) + "@" + IDN.toASCII(parts.group(2))).getEmail());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether the mailer takes a text for an address, which may have a name before it. */
    static boolean isAddress(String text) {
        try {
            return !new EmailAddress(text).getEmail().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether a server said that it will never take mail for this recipient. */
    static boolean isRejectedBy(SMTPException reply) {
        if (!reply.isPermanent()) {
            return false;
        }
        return reply.getReplyMessages().stream()
                .map(REPLY::matcher)
                .filter(Matcher::matches)
                .findFirst()
                .map(enhanced -> ABOUT_RECIPIENT.matcher(enhanced.group(1)).matches())
                // RFC 5321, section 4.2.2: no such mailbox, not here, name not allowed.
                .orElseGet(() ->
                        reply.getReplyCode() == 550 || reply.getReplyCode() == 551 || reply.getReplyCode() == 553);
    }
}
