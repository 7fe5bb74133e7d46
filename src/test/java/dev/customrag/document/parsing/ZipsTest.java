package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.customrag.testing.SampleFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ZipsTest {

    @TempDir
    Path folder;

    @Test
    void namesInAnOldCodePageDoNotSpoilTheFile() throws Exception {
        for (var file : List.of(FileType.DOCX, FileType.EPUB)) {
            byte[] good = file == FileType.DOCX ? SampleFiles.docx() : SampleFiles.zip(SampleFiles.EPUB);
            byte[] bytes = with(good, List.of("\u00DCbersicht.png"), Charset.forName("IBM437"));
            Path old = Files.write(folder.resolve("old"), bytes);

            assertThatExceptionOfType(ZipException.class).isThrownBy(() -> new ZipFile(old.toFile()).close());
            assertThat(FileTypeDetector.detect(old, "x")).isEqualTo(file);
            assertThat(Reading.read(file, bytes)).isEqualTo(Reading.read(file, good));
        }
    }

    @Test
    void aDirectoryLargerThanAnyDocumentsIsNotLoaded() throws Exception {
        List<String> many =
                IntStream.range(0, 70_000).mapToObj(i -> "word/" + i).toList();
        List<String> longNames = IntStream.range(0, 100)
                .mapToObj(i -> "word/" + i + "x".repeat(60_000))
                .toList();

        for (List<String> names : List.of(many, longNames)) {
            byte[] bytes = with(SampleFiles.docx(), names, StandardCharsets.UTF_8);
            Path file = Files.write(folder.resolve("large"), bytes);

            assertThatExceptionOfType(ZipException.class)
                    .isThrownBy(() -> Zips.open(file).close())
                    .withMessageContaining("too large");
            assertThat(FileTypeDetector.detect(file, "x")).isEqualTo(FileType.DOCX);
            Reading.unreadable(FileType.DOCX, bytes).withMessageContaining("damaged");
            Path unknown = Files.write(
                    folder.resolve("unknown"), with(SampleFiles.zip(Map.of()), names, StandardCharsets.UTF_8));
            assertThatExceptionOfType(UnsupportedFile.class)
                    .isThrownBy(() -> FileTypeDetector.detect(unknown, "x.docx"));
        }
    }

    @Test
    void theRecordOfLargeZipsIsTakenForASmallOneToo() throws Exception {
        byte[] docx = SampleFiles.docx();

        assertThat(Reading.read(FileType.DOCX, large(docx, 0))).isEqualTo(Reading.read(FileType.DOCX, docx));
        Path file = Files.write(folder.resolve("large"), large(docx, 5_000_000));
        assertThatExceptionOfType(ZipException.class)
                .isThrownBy(() -> Zips.open(file).close())
                .withMessageContaining("too large");
    }

    @ParameterizedTest
    @CsvSource({
        "word/document.xml, media/a.png, word/media/a.png",
        "word/document.xml, /xl/b.xml, xl/b.xml",
        "a/b/c.xml, ../d.xml, a/d.xml",
        "a/b.xml, ../../../etc/passwd, etc/passwd",
        "b.xml, ./c//d.xml, c/d.xml",
        "'', a.xml, a.xml"
    })
    void referencesAreResolvedWithinTheZip(String from, String reference, String name) {
        assertThat(Zips.resolved(from, reference)).isEqualTo(name);
    }

    /** With an end record for zips of more than 4 GB, and this much added to the size of its directory. */
    private static byte[] large(byte[] zip, long added) {
        int end = zip.length - ZipFile.ENDHDR;
        ByteBuffer old = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        long count = old.getShort(end + ZipFile.ENDTOT);
        ByteBuffer record = ByteBuffer.allocate(56 + 20 + ZipFile.ENDHDR).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0x06064b50)
                .putLong(44)
                .putShort((short) 45)
                .putShort((short) 45)
                .putInt(0)
                .putInt(0);
        record.putLong(count).putLong(count);
        record.putLong(old.getInt(end + ZipFile.ENDSIZ) + added).putLong(old.getInt(end + ZipFile.ENDOFF));
        record.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        record.putInt(0x06054b50).putInt(0).putShort((short) -1).putShort((short) -1);
        record.putInt(-1).putInt(-1).putShort((short) 0);
        return ByteBuffer.allocate(end + record.capacity())
                .put(zip, 0, end)
                .put(record.flip())
                .array();
    }

    /** The archive with further entries, which are empty. */
    private static byte[] with(byte[] archive, List<String> names, Charset charset) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var from = new ZipInputStream(new ByteArrayInputStream(archive));
                var to = new ZipOutputStream(bytes, charset)) {
            for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
                to.putNextEntry(new ZipEntry(entry.getName()));
                from.transferTo(to);
                to.closeEntry();
            }
            for (String name : names) {
                to.putNextEntry(new ZipEntry(name));
                to.closeEntry();
            }
        }
        return bytes.toByteArray();
    }
}
