package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

    private static ExtLogRecord logged(String logger) {
        var entry = new ExtLogRecord(Level.ERROR, "Call %d failed", ExtLogRecord.FormatStyle.PRINTF, "test");
        entry.setLoggerName(logger);
        entry.setParameters(new Object[] {7});
        entry.setThrown(FAULT);
        assertThat(new FaultsInLogs().isLoggable(entry)).isTrue();
        return entry;
    }
}
