package dev.customrag.document;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Files on their way, beside those that the framework writes uploads to and deletes after the request. */
@ApplicationScoped
class TemporaryFiles {

    private static final Logger LOG = Logger.getLogger(TemporaryFiles.class);

    /** Nothing is on its way for so long; other processes may use the same directory. */
    private static final Duration LONGEST_USE = Duration.ofHours(1);

    private final Path directory;
    private final Clock clock;

    TemporaryFiles(@ConfigProperty(name = "quarkus.http.body.uploads-directory") Path directory, Clock clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /** A new file, to be deleted by who asked for it. */
    Path create() throws IOException {
        Files.createDirectories(directory);
        return Files.createTempFile(directory, "document", null);
    }

    /** A process that was killed left its files behind. */
    void deleteLeftovers(@Observes StartupEvent event) throws IOException {
        Files.createDirectories(directory);
        Instant old = clock.instant().minus(LONGEST_USE);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, Files::isRegularFile)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(old) && Files.deleteIfExists(file)) {
                    LOG.info("Deleted a file that was left behind");
                }
            }
        }
    }
}
