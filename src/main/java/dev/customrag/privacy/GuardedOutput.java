package dev.customrag.privacy;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Writes to a client for as long as it is there, and who asked is let in: the latter is asked anew now and again. */
final class GuardedOutput extends FilterOutputStream {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private final BooleanSupplier gone;
    private final BooleanSupplier allowed;
    private long checkedAt = System.nanoTime();

    /**
     * @param gone whether the client is, which the server does not tell who writes to it
     * @param allowed whether it may go on
     */
    GuardedOutput(OutputStream client, BooleanSupplier gone, BooleanSupplier allowed) {
        super(client);
        this.gone = gone;
        this.allowed = allowed;
    }

    /** The client is gone, or it is to get no more. That is nobody's fault. */
    static final class Stopped extends IOException {

        private static final long serialVersionUID = 1L;

        Stopped(String message) {
            super(message);
        }
    }

    /** @throws Stopped if it may not go on */
    void check() throws Stopped {
        if (!allowed.getAsBoolean()) {
            throw new Stopped("It may not go on");
        }
        checkedAt = System.nanoTime();
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (gone.getAsBoolean()) {
            throw new Stopped("The client is gone");
        }
        if (System.nanoTime() - checkedAt > PAUSE_NANOS) {
            check();
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new Stopped("The client is gone");
        }
    }
}
