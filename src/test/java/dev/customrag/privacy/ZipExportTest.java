package dev.customrag.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.http.Pages;
import dev.customrag.testing.ExportedZip;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipExportTest {

    private static final Instant NOW = Instant.parse("2026-01-07T09:30:00Z");

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ZipExport export = new ZipExport(out, new ObjectMapper(), NOW);

    @Test
    void jsonIsWrittenWholeOrByLines() throws IOException {
        export.json("a.json", Map.of("name", "Ä"));
        export.lines("b.jsonl", List.of(Map.of("n", 1), List.of(2), "three").iterator());
        export.lines("c.jsonl", Collections.emptyIterator());
        export.finish();

        ExportedZip zip = ExportedZip.of(out.toByteArray());
        assertThat(zip.paths()).containsExactly("a.json", "b.jsonl", "c.jsonl");
        assertThat(zip.json("a.json").path("name").asText()).isEqualTo("Ä");
        assertThat(zip.text("b.jsonl")).isEqualTo("{\"n\":1}\n[2]\n\"three\"\n");
        assertThat(zip.text("c.jsonl")).isEmpty();
    }

    /** Each is asked for when the one before is written: what is inside of them too. */
    @Test
    void linesAreReadAsTheyAreWritten() throws IOException {
        Iterator<Object> values = new Iterator<>() {

            private int given;
            private int asked;

            @Override
            public boolean hasNext() {
                return given < 3;
            }

            @Override
            public Object next() {
                int before = 100_000 * given++;
                Iterator<Integer> numbers =
                        new Random(7).ints(100_000).peek(number -> asked++).iterator();
                return Map.of("inner", Pages.map(numbers, number -> {
                    // So many bytes of a number at least have left, but for what waits to be compressed together.
                    assertThat(out.size()).isGreaterThan(4 * (before + asked % 100_000) - 200_000);
                    return number;
                }));
            }
        };

        export.lines("numbers.jsonl", values);
        export.finish();

        assertThat(ExportedZip.of(out.toByteArray()).lines("numbers.jsonl"))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line.path("inner")).hasSize(100_000));
    }

    @Test
    void aFileThatCannotBeReadIsLeftOut() throws IOException {
        assertThatThrownBy(() -> export.file("a.txt", NOW, broken(""))).hasMessage("broken");
        export.notice("a.txt", "It is missing.");
        export.file("b.txt", NOW, new ByteArrayInputStream("b".getBytes(StandardCharsets.US_ASCII)));
        export.finish();

        assertThat(ExportedZip.of(out.toByteArray()).paths()).containsExactly("b.txt");
        assertThat(export.notices()).containsExactly(new ZipExport.Notice("a.txt", "It is missing."));
    }

    @Test
    void aFileThatBreaksOffLeavesTheOthersAsTheyAre() throws IOException {
        assertThatThrownBy(() -> export.file("a.txt", NOW, broken("begun"))).hasMessage("broken");
        export.file("b.txt", NOW, new ByteArrayInputStream("b".getBytes(StandardCharsets.US_ASCII)));
        export.finish();

        ExportedZip zip = ExportedZip.of(out.toByteArray());
        assertThat(zip.text("a.txt")).isEqualTo("begun");
        assertThat(zip.text("b.txt")).isEqualTo("b");
    }

    @Test
    void filesHaveTheirTime() throws IOException {
        export.file("a.txt", NOW.minusSeconds(86_400), new ByteArrayInputStream(new byte[0]));
        export.finish();

        try (var zip = new ZipFile(saved().toFile())) {
            assertThat(zip.getEntry("a.txt").getLastModifiedTime().toInstant()).isEqualTo(NOW.minusSeconds(86_400));
        }
    }

    @Test
    void withoutItsEndItIsNoZip() throws IOException {
        export.file("a.txt", NOW, new ByteArrayInputStream(new byte[100_000]));
        export.close();

        Path file = saved();
        assertThat(file).isNotEmptyFile();
        assertThatThrownBy(() -> new ZipFile(file.toFile()).close()).isInstanceOf(ZipException.class);
    }

    /** More than a plain zip can count. */
    @Test
    void tensOfThousandsOfFilesAreAZip64() throws IOException {
        for (int i = 0; i < 70_000; i++) {
            export.text("files/" + i, "");
        }
        export.finish();

        try (var zip = new ZipFile(saved().toFile())) {
            assertThat(zip.size()).isEqualTo(70_000);
            assertThat(zip.getEntry("files/69999")).isNotNull();
        }
    }

    private Path saved() throws IOException {
        return Files.write(directory.resolve("export.zip"), out.toByteArray());
    }

    private static InputStream broken(String beginning) {
        return new SequenceInputStream(
                new ByteArrayInputStream(beginning.getBytes(StandardCharsets.US_ASCII)), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("broken");
                    }
                });
    }
}
