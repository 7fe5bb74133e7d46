package dev.customrag.testing;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.mail.internet.MimeMessage;
import java.util.List;

/** A real SMTP server that takes what the service sends in tests. It runs as long as the service. */
@ApplicationScoped
public class MailServer {

    private GreenMail server;

    void start(@Observes StartupEvent event) {
        start();
    }

    void stop(@Observes ShutdownEvent event) {
        stop();
    }

    /** Begins to listen; knows nothing of mails before. */
    public void start() {
        server = new GreenMail(new ServerSetup(MailPort.chosen(), "localhost", ServerSetup.PROTOCOL_SMTP));
        server.start();
    }

    /** Refuses connections from now on. */
    public void stop() {
        server.stop();
    }

    List<MimeMessage> mailsTo(String address) {
        return List.of(server.getReceivedMessagesForDomain(address));
    }
}
