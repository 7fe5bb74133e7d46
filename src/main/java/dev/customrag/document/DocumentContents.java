package dev.customrag.document;

import dev.customrag.tenancy.OwnedRows;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.UUID;

/** The original bytes, in the table {@code document_contents}: no other class writes or queries it. */
@ApplicationScoped
class DocumentContents {

    /** Of the memory a copy takes, whatever the size of the file. */
    private static final int CHUNK = 256 * 1024;

    private static final String INSERT = """
            INSERT INTO document_contents (document_id, bytes)
            SELECT id, ? FROM documents WHERE owner_id = ? AND id = ?
            """;

    /** The column is stored without compression, so that PostgreSQL reads no more than the part asked for. */
    private static final String SELECT = """
            SELECT substring(c.bytes FROM ? FOR ?)
            FROM documents d JOIN document_contents c ON c.document_id = d.id
            WHERE d.owner_id = ? AND d.id = ?
            """;

    private final OwnedRows rows;

    DocumentContents(OwnedRows rows) {
        this.rows = rows;
    }

    /** Stores the bytes of a document that has none yet, in the caller's transaction. */
    void store(UUID owner, UUID document, Path file) throws IOException {
        try (InputStream bytes = Files.newInputStream(file)) {
            long size = Files.size(file);
            rows.of(owner, connection -> {
                try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                    insert.setBinaryStream(1, bytes, size);
                    insert.setObject(2, owner);
                    insert.setObject(3, document);
                    return insert.executeUpdate();
                }
            });
        }
    }

    /**
     * Copies the bytes of a document. Holds no connection while {@code out} is slow.
     *
     * @param size how many there are
     * @throws IOException if the document is deleted meanwhile
     */
    void copy(UUID owner, UUID document, long size, OutputStream out) throws IOException {
        for (long position = 0; position < size; ) {
            byte[] chunk = chunk(owner, document, position);
            if (chunk.length == 0) {
                throw new IOException("The document is gone");
            }
            out.write(chunk);
            position += chunk.length;
        }
    }

    private byte[] chunk(UUID owner, UUID document, long position) {
        return rows.of(owner, connection -> {
            try (PreparedStatement select = connection.prepareStatement(SELECT)) {
                select.setInt(1, Math.toIntExact(position + 1));
                select.setInt(2, CHUNK);
                select.setObject(3, owner);
                select.setObject(4, document);
                try (ResultSet row = select.executeQuery()) {
                    return row.next() ? row.getBytes(1) : new byte[0];
                }
            }
        });
    }
}
