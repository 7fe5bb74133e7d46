package dev.customrag.document.parsing;

import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;
import java.util.function.Supplier;

/** Bounds what stands between two calls of {@link #begin}, which a library may collect in memory. */
final class RowReader extends FilterReader {

    private final int limit;
    private final Supplier<UnreadableDocument> tooLong;
    private int read;

    /** Reads from {@code in} at most {@code limit} characters at a time, give or take a buffer; else throws what it is given. */
    RowReader(Reader in, int limit, Supplier<UnreadableDocument> tooLong) {
        super(in);
        this.limit = limit;
        this.tooLong = tooLong;
    }

    /** A row begins. */
    void begin() {
        read = 0;
    }

    @Override
    public int read() throws IOException {
        count(1);
        return super.read();
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        count(Math.max(n, 0));
        return n;
    }

    private void count(int characters) {
        read += characters;
        if (read > limit) {
            throw tooLong.get();
        }
    }
}
