package dev.customrag.http;

import io.quarkus.logging.LoggingFilter;
import io.vertx.core.http.HttpClosedException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

/**
 * Keeps the messages of exceptions out of the log, whoever logs them: they may quote a question, a file or a row. What
 * the runtime says while it starts stays whole, as there is nobody's content yet and the operator needs every word.
 */
@LoggingFilter(name = "faults")
final class FaultsInLogs implements Filter {

    private static final String RUNTIME = "io.quarkus.runtime";

    /** Logs what breaks off a stream of events, which is mostly its client's going away. */
    private static final String STREAMS = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

    private final PatternFormatter message = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord entry) {
        if (STREAMS.equals(entry.getLoggerName()) && isClosedConnection(entry.getThrown())) {
            return false;
        }
        boolean quotes = entry.getThrown() != null
                && (entry.getLoggerName() == null || !entry.getLoggerName().startsWith(RUNTIME));
        if (quotes && entry instanceof ExtLogRecord record) {
            String text = message.format(record) + "\n" + Faults.describe(record.getThrown());
            record.setMessage(text, ExtLogRecord.FormatStyle.NO_FORMAT);
            record.setThrown(null);
        }
        return true;
    }

    /** By the client, while something was sent: Netty, the system and Vert.x have a word for it each. */
    private static boolean isClosedConnection(Throwable thrown) {
        return thrown instanceof ClosedChannelException
                || thrown instanceof SocketException
                || thrown instanceof HttpClosedException;
    }
}
