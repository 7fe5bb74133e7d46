package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.IllegalReferenceCountException;
import io.vertx.core.http.HttpClosedException;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.junit.jupiter.api.Test;

class FaultsInLogsTest {

    private static final Exception FAULT =
            new IllegalStateException("what a person asked", new IOException("what a file said"));

    @Test
    void exceptionsAreLoggedWithoutTheirMessages() {
        ExtLogRecord entry = logged("some.library.Client");

        assertThat(entry.getThrown()).isNull();
        assertThat(entry.getMessage())
                .startsWith("Call 7 failed\n")
                .contains("java.lang.IllegalStateException", "Caused by: java.io.IOException", "\tat ")
                .doesNotContain("person", "file said");
    }

    @Test
    void aFailedStartIsToldInFull() {
        assertThat(logged("io.quarkus.runtime.Application").getThrown()).isSameAs(FAULT);
    }

    @Test
    void aClientThatGoesAwayIsNoFault() {
        String streams = "org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler";

        assertThat(new FaultsInLogs().isLoggable(entry(streams, new ClosedChannelException())))
                .isFalse();
        assertThat(new FaultsInLogs().isLoggable(entry(streams, new HttpClosedException("Connection was closed"))))
                .isFalse();
        var reset = new IOException("Connection reset by peer");
        assertThat(new FaultsInLogs().isLoggable(entry(streams, reset))).isTrue();
        reset.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("sun.nio.ch.SocketDispatcher", "writev0", "SocketDispatcher.java", -2)
        });
        assertThat(new FaultsInLogs().isLoggable(entry(streams, reset))).isFalse();
        assertThat(new FaultsInLogs().isLoggable(entry(streams, FAULT))).isTrue();
        assertThat(new FaultsInLogs().isLoggable(entry("another.Logger", new ClosedChannelException())))
                .isTrue();
    }

    @Test
    void aBufferOfAClosedConnectionThatIsGivenBackTwiceIsNoFault() {
        String writes = "io.netty.channel.AbstractChannelHandlerContext";
        ExtLogRecord closed = entry(writes, new IllegalReferenceCountException(0, -1));
        closed.setMessage("It has failed already: %s", ExtLogRecord.FormatStyle.PRINTF);
        closed.setParameters(new Object[] {"failure: io.netty.channel.StacklessClosedChannelException"});

        assertThat(new FaultsInLogs().isLoggable(closed)).isFalse();
        assertThat(new FaultsInLogs().isLoggable(entry(writes, new IllegalReferenceCountException(0, -1))))
                .isTrue();
        assertThat(new FaultsInLogs().isLoggable(entry(writes, FAULT))).isTrue();
    }

    private static ExtLogRecord logged(String logger) {
        ExtLogRecord entry = entry(logger, FAULT);
        assertThat(new FaultsInLogs().isLoggable(entry)).isTrue();
        return entry;
    }

    private static ExtLogRecord entry(String logger, Exception thrown) {
        var entry = new ExtLogRecord(Level.ERROR, "Call %d failed", ExtLogRecord.FormatStyle.PRINTF, "test");
        entry.setLoggerName(logger);
        entry.setParameters(new Object[] {7});
        entry.setThrown(thrown);
        return entry;
    }
}
