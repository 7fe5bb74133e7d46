package dev.customrag.document;

import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Objects;
import java.util.UUID;

/**
 * Bytes in the database: the table {@code document_chunks}, which no other class writes or queries. A row has a megabyte,
 * so that no message between here and there is large, whatever the file is.
 */
@ApplicationScoped
class DocumentChunks {

    private static final int CHUNK = 1024 * 1024;

    /** What a reader holds. Divides a chunk. */
    private static final int PART = 256 * 1024;

    private static final String INSERT =
            "INSERT INTO document_chunks (content_id, owner_id, ordinal, bytes) VALUES (?, ?, ?, ?)";

    /** The column is stored without compression, so that PostgreSQL reads no more than the part asked for. */
    private static final String SELECT = """
            SELECT substring(bytes FROM ? FOR ?) FROM document_chunks
            WHERE owner_id = ? AND content_id = ? AND ordinal = ?
            """;

    private final OwnedRows rows;

    DocumentChunks(OwnedRows rows) {
        this.rows = rows;
    }

    /** Writes all of a file, in the caller's transaction, before the row of {@link DocumentContents}. */
    void write(UUID owner, UUID content, Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            long size = Files.size(file);
            rows.of(owner, connection -> {
                try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                    insert.setObject(1, content);
                    insert.setObject(2, owner);
                    for (int ordinal = 0; (long) ordinal * CHUNK < size; ordinal++) {
                        insert.setInt(3, ordinal);
                        // The driver takes so many from the stream and leaves the rest.
                        insert.setBinaryStream(4, bytes, Math.min(CHUNK, size - (long) ordinal * CHUNK));
                        insert.executeUpdate();
                    }
                    return null;
                }
            });
        }
    }

    /** Reads a file part by part, and holds no connection in between. Ends with {@link ContentGone} if it is deleted. */
    InputStream open(UUID owner, StoredFile file) {
        return new Parts(owner, file);
    }

    private final class Parts extends InputStream {

        private final UUID owner;
        private final StoredFile file;
        private byte[] part = new byte[0];
        private int at;
        private long read;

        private Parts(UUID owner, StoredFile file) {
            this.owner = owner;
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            return more() ? Byte.toUnsignedInt(part[at++]) : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, bytes.length);
            if (length == 0) {
                return 0;
            }
            if (!more()) {
                return -1;
            }
            int some = Math.min(length, part.length - at);
            System.arraycopy(part, at, bytes, offset, some);
            at += some;
            return some;
        }

        private boolean more() throws IOException {
            if (at == part.length && read < file.size()) {
                part = part(owner, file.id(), read);
                if (part.length == 0) {
                    throw new ContentGone();
                }
                read += part.length;
                at = 0;
            }
            return at < part.length;
        }
    }

    private byte[] part(UUID owner, UUID content, long position) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setInt(1, (int) (position % CHUNK) + 1);
                select.setInt(2, PART);
                select.setObject(3, owner);
                select.setObject(4, content);
                select.setInt(5, Math.toIntExact(position / CHUNK));
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getBytes(1) : new byte[0];
                }
            }
        });
    }
}
