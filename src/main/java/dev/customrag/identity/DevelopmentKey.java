package dev.customrag.identity;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The keys of a developer's machine, kept between runs so that a restart signs nobody out.
 *
 * <p>The signing key carries a mark in itself: its public exponent is not the 65537 that openssl and everybody else uses.
 * So it is known wherever it turns up, as a file of any name, as text, converted, and by its public half alone.
 */
final class DevelopmentKey {

    /** As good as 65537, the prime that follows it is: odd and above 2^16, FIPS 186-5, section 5.4. */
    private static final BigInteger MARK = BigInteger.valueOf(65539);

    private DevelopmentKey() {}

    /** Whether that key was made on a developer's machine, no matter on whose. */
    static boolean isOne(RSAPublicKey key) {
        return key.getPublicExponent().equals(MARK);
    }

    static RSAPrivateCrtKey keptOrNew() {
        return keptOrNew(file("development-signing-key.pem"));
    }

    static RSAPrivateCrtKey keptOrNew(Path file) {
        String pem = keptOrNew(file, () -> PrivateKeyPem.encode(PrivateKeyPem.generate(2048, MARK)));
        return PrivateKeyPem.decode(pem, file.toString());
    }

    /** The text of a file, made and written if there is none. */
    static String keptOrNew(Path file, Supplier<String> made) {
        try {
            if (Files.notExists(file)) {
                write(file, made.get());
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot keep a development key in " + file, e);
        }
    }

    /** Where a key of that name is kept. */
    static Path file(String name) {
        return dataHome().resolve("custom-rag-assistant").resolve(name);
    }

    /** Never readable by others, not even for a moment; and whole or absent for another process that starts now. */
    private static void write(Path file, String key) throws IOException {
        Files.createDirectories(file.getParent());
        var onlyMine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        Path draft = Files.createTempFile(file.getParent(), "development-key", ".tmp", onlyMine);
        try {
            Files.writeString(draft, key);
            Files.createLink(file, draft);
        } catch (FileAlreadyExistsException e) {
            // The other process was first; its key is as good.
        } finally {
            Files.delete(draft);
        }
    }

    private static Path dataHome() {
        return dataHome(System.getenv("XDG_DATA_HOME"));
    }

    static Path dataHome(String configured) {
        return Optional.ofNullable(configured)
                .map(Path::of)
                // A relative path is invalid, says the XDG specification, and to be ignored.
                .filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".local", "share"));
    }
}
