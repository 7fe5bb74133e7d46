package dev.customrag.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.impl.driver.Driver;
import java.io.IOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * The bundler takes types away without looking at them, so that the TypeScript compiler has to look: at the types, and with
 * them at the languages, each of which must have all texts. It runs on the Node that the browser's driver brings.
 */
class TypeCheckTest {

    private static final Path COMPILER = Path.of("target/typescript");
    private static final String IN_JAR = "META-INF/resources/webjars/typescript/";

    @Test
    void theAppCompiles() throws IOException, InterruptedException {
        Path node = Driver.ensureDriverInstalled(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"), false)
                .driverDir()
                .resolve("node");
        unpackCompiler();

        var check = new ProcessBuilder(
                        node.toString(), COMPILER.resolve("lib/_tsc.js").toString(), "--project", "tsconfig.json")
                .redirectErrorStream(true)
                .start();
        check.getOutputStream().close();
        String complaints = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(complaints).isEmpty();
        assertThat(check.waitFor()).isZero();
    }

    private static void unpackCompiler() throws IOException {
        URL found = Objects.requireNonNull(
                TypeCheckTest.class.getResource("/META-INF/maven/org.webjars.npm/typescript/pom.properties"),
                "the TypeScript compiler is not on the class path");
        String jar = found.getPath().replaceAll("^file:|!.*$", "");
        try (var files = new JarFile(jar)) {
            for (var file : files.stream()
                    .filter(each -> each.getName().startsWith(IN_JAR) && !each.isDirectory())
                    .toList()) {
                // Below the folder that is named for the version.
                String name = file.getName().substring(IN_JAR.length());
                Path target = COMPILER.resolve(name.substring(name.indexOf('/') + 1));
                if (Files.notExists(target) || Files.size(target) != file.getSize()) {
                    Files.createDirectories(target.getParent());
                    try (var content = files.getInputStream(file)) {
                        Files.write(target, content.readAllBytes());
                    }
                }
            }
        }
    }
}
