package dev.customrag.document.parsing;

import io.quarkus.runtime.ImageMode;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The command that starts a parser's process. */
final class ParserCommand {

    /** Every library has one. */
    private static final String MANIFEST = "META-INF/MANIFEST.MF";

    private ParserCommand() {}

    /**
     * The command: in a native image the executable itself, else a small JVM with the classes of this one.
     *
     * @param folder for its temporary files, absolute, its name beginning with {@link ParserChild#FOLDER_PREFIX}
     */
    static List<String> of(ReaderConfig config, Path folder) throws IOException {
        var command = new ArrayList<String>();
        boolean isNative = ImageMode.current() == ImageMode.NATIVE_RUN;
        command.add(isNative ? executable() : java());
        command.add("-Xmx" + config.memory().asLongValue());
        command.add("-XX:+ExitOnOutOfMemoryError");
        command.add("-Djava.io.tmpdir=" + folder);
        if (isNative) {
            command.add(ParserChild.ARGUMENT);
            command.add(folder.toString());
            return command;
        }
        // Small and quick to start, rather than fast after minutes: docs/benchmarks.md, "A parser's process".
        command.addAll(List.of(
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:MinHeapFreeRatio=20",
                "-XX:MaxHeapFreeRatio=40",
                "-XX:-ShrinkHeapInSteps",
                "-XX:MaxMetaspaceSize=128m",
                "-XX:MaxDirectMemorySize=64m",
                "-XX:-UsePerfData",
                // The standard output speaks a protocol, and what the JVM leaves of a crash is some of its memory.
                "-XX:+DisplayVMOutputToStderr",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash"),
                "-Djava.awt.headless=true",
                "-cp",
                classPath(),
                ParserChild.class.getName(),
                folder.toString()));
        return command;
    }

    private static String executable() {
        return ProcessHandle.current().info().command().orElse("/proc/self/exe");
    }

    private static String java() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return Files.isExecutable(java) ? java.toString() : executable();
    }

    /**
     * All that this class's loader sees, wherever Quarkus keeps it: the packaged service, dev mode and the tests load the
     * service's classes in three ways, and none of them through the class path of the JVM alone.
     */
    private static String classPath() throws IOException {
        Set<Path> places = new LinkedHashSet<>();
        places.add(
                placeOf(ParserChild.class.getProtectionDomain().getCodeSource().getLocation()));
        for (URL manifest :
                ParserChild.class.getClassLoader().resources(MANIFEST).toList()) {
            if (manifest.openConnection() instanceof JarURLConnection jar) {
                places.add(placeOf(jar.getJarFileURL()));
            }
        }
        return places.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static Path placeOf(URL url) throws IOException {
        try {
            return Path.of(url.toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }
}
