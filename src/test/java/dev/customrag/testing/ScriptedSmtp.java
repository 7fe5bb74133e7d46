package dev.customrag.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An SMTP server in the place of {@link MailServer} that takes everything but recipients. */
public final class ScriptedSmtp implements AutoCloseable {

    private final ServerSocket listening;
    private final String answer;
    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> clients = ConcurrentHashMap.newKeySet();

    private ScriptedSmtp(ServerSocket listening, String answer) {
        this.listening = listening;
        this.answer = answer;
    }

    /** Listens until it is closed, and answers every {@code RCPT} with this line. */
    public static ScriptedSmtp answeringRecipients(String answer) throws IOException {
        var smtp = new ScriptedSmtp(new ServerSocket(MailPort.chosen(), 5, InetAddress.getByName("localhost")), answer);
        smtp.threads.execute(smtp::acceptAll);
        return smtp;
    }

    /** How often a recipient was named so far. */
    public int timesAsked() {
        return asked.get();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        // The service would go on with those.
        for (Socket client : clients) {
            client.close();
        }
        // The port is free once nobody waits at it.
        threads.close();
    }

    private void acceptAll() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                clients.add(client);
                threads.execute(() -> talk(client));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void talk(Socket client) {
        try (client;
                var lines =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))) {
            say(client, "220 localhost");
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                switch (line.substring(0, 4).toUpperCase(Locale.ROOT)) {
                    case "RCPT" -> {
                        asked.incrementAndGet();
                        say(client, answer);
                    }
                    case "QUIT" -> {
                        say(client, "221 bye");
                        return;
                    }
                    default -> say(client, "250 fine");
                }
            }
        } catch (IOException e) {
            if (!listening.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void say(Socket client, String line) throws IOException {
        client.getOutputStream().write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }
}
