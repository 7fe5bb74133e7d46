package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemporaryFolderTest {

    @TempDir
    Path around;

    @Test
    void allOfItIsRemovedAndNothingThatItPointsTo() throws Exception {
        Path outside = Files.writeString(around.resolve("outside"), "Mine.");
        Path folder = Files.createDirectories(around.resolve("parser/a/b"));
        Files.writeString(folder.resolve("c"), "1234");
        Files.writeString(around.resolve("parser/d"), "567");
        Files.createSymbolicLink(folder.resolve("out"), outside);
        Files.createSymbolicLink(folder.resolve("away"), around);

        assertThat(TemporaryFolder.size(around.resolve("parser"))).isGreaterThanOrEqualTo(7);
        TemporaryFolder.delete(around.resolve("parser"));
        TemporaryFolder.delete(around.resolve("parser"));

        assertThat(around.resolve("parser")).doesNotExist();
        assertThat(outside).hasContent("Mine.");
    }
}
