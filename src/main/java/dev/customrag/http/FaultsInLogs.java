package dev.customrag.http;

import io.netty.util.IllegalReferenceCountException;
import io.quarkus.logging.LoggingFilter;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
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

    /** Logs what fails while it tells that a write failed. */
    private static final String WRITES = "io.netty.channel.AbstractChannelHandlerContext";

    private final PatternFormatter message = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord entry) {
        if (STREAMS.equals(entry.getLoggerName()) && isClosedConnection(entry.getThrown())) {
            return false;
        }
        if (WRITES.equals(entry.getLoggerName()) && isReleasedTwice(entry)) {
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
                || thrown instanceof HttpClosedException
                || thrown instanceof IOException && isThrownBySystem(thrown);
    }

    /** A write to a connection that the client reset fails with a plain {@link IOException}. */
    private static boolean isThrownBySystem(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        return trace.length > 0 && trace[0].getClassName().startsWith("sun.nio.ch.");
    }

    /** Of a chunk written to a closed connection, Netty gives the last buffer back twice. The write has failed by then. */
    private boolean isReleasedTwice(LogRecord entry) {
        return entry.getThrown() instanceof IllegalReferenceCountException
                && entry instanceof ExtLogRecord record
                && message.format(record).contains(ClosedChannelException.class.getSimpleName());
    }
}
