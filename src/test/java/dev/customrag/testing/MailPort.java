package dev.customrag.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** The port of {@link MailServer}: a free one, the same for all that asks in this JVM, whatever class loader it is in. */
public final class MailPort implements ConfigSource {

    private static final String KEY = "quarkus.mailer.port";
    private static final String CHOSEN = "dev.customrag.testing.mail-port";

    /** That of the tests of this JVM. */
    static int chosen() {
        synchronized (System.class) {
            if (System.getProperty(CHOSEN) == null) {
                try (var socket = new ServerSocket(0)) {
                    System.setProperty(CHOSEN, Integer.toString(socket.getLocalPort()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return Integer.parseInt(System.getProperty(CHOSEN));
        }
    }

    @Override
    public Set<String> getPropertyNames() {
        return Set.of(KEY);
    }

    @Override
    public String getValue(String name) {
        return KEY.equals(name) ? Integer.toString(chosen()) : null;
    }

    @Override
    public String getName() {
        return "mail port of the tests";
    }
}
