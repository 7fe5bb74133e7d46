package dev.customrag.document;

import dev.customrag.document.parsing.DocumentReader;
import dev.customrag.document.parsing.FileType;
import dev.customrag.document.parsing.ParsingConfig;
import dev.customrag.document.parsing.ReaderConfig;
import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reading and splitting as the service does it, without the service. */
public final class ParsingAlone {

    private final DocumentReader reader;
    private final Splitter splitter;

    public ParsingAlone() {
        reader = new DocumentReader(
                Settings.defaults(ParsingConfig.class),
                Settings.defaults(ReaderConfig.class),
                new SimpleMeterRegistry());
        splitter = new Splitter(Settings.defaults(DocumentsConfig.class));
    }

    /** The texts of a PDF's passages, as they would be embedded. */
    public List<String> passagesOfPdf(byte[] pdf) throws IOException, InterruptedException {
        Path file = Files.createTempFile("bench", ".pdf");
        try {
            Files.write(file, pdf);
            return splitter.split(reader.read(FileType.PDF, file)).stream()
                    .map(part -> part.embedded().text())
                    .toList();
        } finally {
            Files.delete(file);
        }
    }
}
