package dev.customrag.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** A body that is read up to a length, and then not any more, not even to be skipped. */
final class BoundedBody extends FilterInputStream {

    private final Supplier<Problem> refusal;
    private long left;

    /** @param refusal what is thrown by whoever reads on */
    BoundedBody(InputStream body, long most, Supplier<Problem> refusal) {
        super(body);
        this.left = most;
        this.refusal = refusal;
    }

    boolean isTooLong() {
        return left < 0;
    }

    @Override
    public int read() throws IOException {
        int next = super.read();
        counted(next == -1 ? 0 : 1);
        return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        return counted(super.read(bytes, offset, length));
    }

    /** Closing reads up to the end, which is what is refused here. */
    @Override
    public void close() throws IOException {
        if (!isTooLong()) {
            super.close();
        }
    }

    private int counted(int read) {
        left -= Math.max(0, read);
        if (isTooLong()) {
            throw refusal.get();
        }
        return read;
    }
}
