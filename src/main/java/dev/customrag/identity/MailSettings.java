package dev.customrag.identity;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Looks at the start whether mails can be sent, and whether their links are safe and of use. Accounts work without mails;
 * what needs one waits for it in vain.
 */
@ApplicationScoped
class MailSettings {

    private static final Logger LOG = Logger.getLogger(MailSettings.class);

    private final Optional<String> from;
    private final String webUrl;

    MailSettings(@ConfigProperty(name = "quarkus.mailer.from") Optional<String> from, IdentityConfig config) {
        this.from = from;
        this.webUrl = config.webUrl();
    }

    void check(@Observes StartupEvent event) {
        List<String> complaints = complaints(from, webUrl);
        if (LaunchMode.current() == LaunchMode.NORMAL) {
            complaints.forEach(LOG::warn);
        }
    }

    /**
     * What an operator should be told; nothing if all is well.
     *
     * @throws ConfigurationException if there is a sender that no mail can have
     */
    static List<String> complaints(Optional<String> from, String webUrl) {
        List<String> complaints = new ArrayList<>();
        if (from.isEmpty()) {
            complaints.add("Mails are not sent: set QUARKUS_MAILER_FROM to the address they are to come from, and"
                    + " QUARKUS_MAILER_HOST, _PORT, _USERNAME and _PASSWORD to the SMTP server."
                    + " Until then addresses cannot be confirmed and forgotten passwords not be replaced.");
        } else if (!Recipient.isAddress(from.get())) {
            throw new ConfigurationException("quarkus.mailer.from is no e-mail address");
        }
        boolean local = webUrl.matches("https?://localhost([:/].*)?");
        if (local && from.isPresent()) {
            complaints.add("The links in mails lead to " + webUrl
                    + ", which only this machine can open: set IDENTITY_WEB_URL to where people open the web app.");
        }
        if (!local && webUrl.startsWith("http:")) {
            complaints.add("The links in mails lead to " + webUrl + ": whoever listens on the way can take over"
                    + " accounts with them. Serve the web app by https, and set IDENTITY_WEB_URL to that.");
        }
        return complaints;
    }
}
