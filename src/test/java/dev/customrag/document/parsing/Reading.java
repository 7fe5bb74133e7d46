package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.document.parsing.ParsedDocument.Block;
import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssertAlternative;

/** Reads files in tests as the service does, but in the process of the test. */
final class Reading {

    private Reading() {}

    static ParsedDocument read(FileType type, byte[] bytes) {
        return read(type, bytes, Map.of());
    }

    /** Reads with these settings of {@code documents.parsing}. */
    static ParsedDocument read(FileType type, byte[] bytes, Map<String, String> settings) {
        return inFile(bytes, file -> read(type, file, settings));
    }

    static ParsedDocument read(FileType type, Path file, Map<String, String> settings) {
        try {
            ParsedDocument document = new ParserThreads(
                            Settings.with(ParsingConfig.class, settings),
                            Settings.defaults(ReaderConfig.class),
                            new SimpleMeterRegistry())
                    .read(type, file);
            assertThat(all(document))
                    .allSatisfy(block -> assertThat(text(document, block)).isNotBlank());
            return document;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The type of a file with these bytes. */
    static FileType detect(byte[] bytes, String name) {
        return inFile(bytes, file -> FileTypeDetector.detect(file, name));
    }

    private interface Work<T> {
        T with(Path file) throws IOException;
    }

    private static <T> T inFile(byte[] bytes, Work<T> work) {
        try {
            Path file = Files.createTempFile("reading", null);
            try {
                return work.with(Files.write(file, bytes));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ThrowableAssertAlternative<UnreadableDocument> unreadable(FileType type, byte[] bytes) {
        return unreadable(type, bytes, Map.of());
    }

    static ThrowableAssertAlternative<UnreadableDocument> unreadable(
            FileType type, byte[] bytes, Map<String, String> settings) {
        return assertThatExceptionOfType(UnreadableDocument.class).isThrownBy(() -> read(type, bytes, settings));
    }

    /** The texts of all blocks. */
    static List<String> blocks(ParsedDocument document) {
        return all(document).stream().map(block -> text(document, block)).toList();
    }

    /** Each block as its page and its text. */
    static List<String> blocksWithPages(ParsedDocument document) {
        return all(document).stream()
                .map(block -> block.page() + " " + text(document, block))
                .toList();
    }

    static List<String> headings(ParsedDocument document) {
        return document.sections().stream().map(ParsedDocument.Section::heading).toList();
    }

    private static List<Block> all(ParsedDocument document) {
        return document.sections().stream()
                .flatMap(section -> section.blocks().stream())
                .toList();
    }

    private static String text(ParsedDocument document, Block block) {
        return document.text().substring(block.start(), block.end());
    }
}
