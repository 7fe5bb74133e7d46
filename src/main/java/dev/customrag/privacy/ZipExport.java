package dev.customrag.privacy;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import dev.customrag.tenancy.Export;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * An export as a zip that leaves while it is written. Lengths come after what they are of, so that nothing is held back;
 * larger than 4 GB or of more than 65,535 files it is a Zip64 by itself. Without {@link #finish} it has no directory, by which
 * readers see that it is not whole.
 */
final class ZipExport implements Export, AutoCloseable {

    private static final int PIECE = 64 * 1024;

    private static final byte[] LINE_END = {'\n'};

    private final Zip zip;
    private final ObjectWriter json;
    private final Instant now;
    private final SafeNames names = new SafeNames();
    private final List<Notice> notices = new ArrayList<>();

    ZipExport(OutputStream out, ObjectMapper json, Instant now) {
        this.zip = new Zip(out);
        this.json = json.writer()
                .without(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                .without(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        this.now = now;
        // Most of a large export is files that are compressed already.
        zip.setLevel(Deflater.BEST_SPEED);
    }

    /** A file that is missing or not whole. */
    @RegisterForReflection
    record Notice(String path, String notice) {}

    /** Closing a zip would finish it; this lets go of it as it is. */
    private static final class Zip extends ZipOutputStream {

        Zip(OutputStream out) {
            super(out, StandardCharsets.UTF_8);
            // By itself it compresses and writes half a kilobyte at a time.
            buf = new byte[PIECE];
        }

        void letGo() {
            def.end();
        }
    }

    void text(String path, String text) throws IOException {
        begin(path, now);
        zip.write(text.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    @Override
    public void json(String path, Object value) throws IOException {
        begin(path, now);
        json.withDefaultPrettyPrinter().writeValue(zip, value);
        zip.write(LINE_END);
        zip.closeEntry();
    }

    @Override
    public void lines(String path, Iterator<?> values) throws IOException {
        begin(path, now);
        boolean any = values.hasNext();
        try (SequenceWriter lines = json.withRootValueSeparator("\n").writeValues(zip)) {
            while (values.hasNext()) {
                lines.write(values.next());
            }
        }
        if (any) {
            zip.write(LINE_END);
        }
        zip.closeEntry();
    }

    @Override
    public String path(String folder, String name) {
        return names.path(folder, name);
    }

    @Override
    public void file(String path, Instant modified, InputStream bytes) throws IOException {
        var piece = new byte[PIECE];
        int read = bytes.read(piece);
        begin(path, modified);
        while (read > 0) {
            zip.write(piece, 0, read);
            read = bytes.read(piece);
        }
        zip.closeEntry();
    }

    @Override
    public void notice(String path, String sentence) {
        notices.add(new Notice(path, sentence));
    }

    List<Notice> notices() {
        return List.copyOf(notices);
    }

    /** Makes it whole. */
    void finish() throws IOException {
        zip.finish();
    }

    @Override
    public void close() {
        zip.letGo();
    }

    /** Ends the file before, also one that broke off. */
    private void begin(String path, Instant modified) throws IOException {
        var entry = new ZipEntry(path);
        entry.setLastModifiedTime(FileTime.from(modified));
        zip.putNextEntry(entry);
    }
}
