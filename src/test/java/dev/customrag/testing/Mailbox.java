package dev.customrag.testing;

import io.quarkus.arc.Arc;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** The mails that arrived at one address. */
public record Mailbox(String address) {

    private static final Pattern TOKEN = Pattern.compile("#token=([\\w-]{43})$", Pattern.MULTILINE);

    /**
     * One mail.
     *
     * @param raw as it came over the wire
     */
    public record Received(String subject, String text, String html, String raw) {

        /** The token of the link in it. */
        public String token() {
            Matcher token = TOKEN.matcher(text);
            if (!token.find()) {
                throw new AssertionError("No link in: " + text);
            }
            return token.group(1);
        }
    }

    /** Waits until so many mails of that subject have arrived, and gives the last. */
    public Received await(int count, String subject) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> arrived(subject), mails -> mails.size() >= count)
                .getLast();
    }

    /** Waits for the first mail of that subject. */
    public Received await(String subject) {
        return await(1, subject);
    }

    /** Waits until no mail is on its way, to nobody. */
    public static void awaitQuiet() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Sql.query("SELECT task_instance FROM background_tasks WHERE task_name = 'send-mail'")
                        .isEmpty());
    }

    /** The mails of that subject that are there now. */
    public List<Received> arrived(String subject) {
        return arrived().stream().filter(mail -> mail.subject().equals(subject)).toList();
    }

    /** The mails that are there now, oldest first. */
    public List<Received> arrived() {
        return Arc.container().instance(MailServer.class).get().mailsTo(address).stream()
                .map(Mailbox::read)
                .toList();
    }

    private static Received read(MimeMessage message) {
        try {
            var parts = (MimeMultipart) message.getContent();
            var raw = new ByteArrayOutputStream();
            message.writeTo(raw);
            return new Received(
                    message.getSubject(),
                    content(parts, "text/plain"),
                    content(parts, "text/html"),
                    raw.toString(StandardCharsets.UTF_8));
        } catch (MessagingException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String content(MimeMultipart parts, String type) throws MessagingException, IOException {
        for (int i = 0; i < parts.getCount(); i++) {
            BodyPart part = parts.getBodyPart(i);
            if (part.isMimeType(type)) {
                return part.getContent().toString().replace("\r\n", "\n");
            }
        }
        throw new AssertionError("No " + type);
    }
}
