package dev.customrag.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The browser of this machine; where there is none, the distribution's package gives one. */
public final class Chromium {

    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");

    /** Without fonts there would be boxes for letters. */
    private static final List<String> PACKAGES = List.of("chromium", "fonts-liberation", "fonts-dejavu-core");

    private Chromium() {}

    /** Where it is; installs it first if it is missing, which takes root or sudo. */
    public static Path findOrInstall() {
        return find().or(() -> {
                    install();
                    return find();
                })
                .orElseThrow(() -> new IllegalStateException("Chromium was installed but not found."));
    }

    /** As root there are no user namespaces to build the browser's sandbox of. */
    public static boolean isRunByRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Optional<Path> find() {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"), new String[] {"/usr/bin"})
                .flatMap(Stream::of)
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static void install() {
        apt("update");
        var install = new ArrayList<>(List.of("install", "-y", "--no-install-recommends"));
        install.addAll(PACKAGES);
        apt(install.toArray(String[]::new));
    }

    private static void apt(String... words) {
        var command = new ArrayList<String>();
        if (!isRunByRoot()) {
            command.addAll(List.of("sudo", "-n", "DEBIAN_FRONTEND=noninteractive"));
        }
        command.addAll(List.of("apt-get", "-q", "-o", "DPkg::Lock::Timeout=120", "-o", "Dpkg::Use-Pty=0"));
        command.addAll(List.of(words));
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("DEBIAN_FRONTEND", "noninteractive");
            Process process = builder.start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException("Chromium is missing and could not be installed. Install it as root: "
                        + "apt-get install " + String.join(" ", PACKAGES) + "\n" + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "Chromium is missing, and there is no apt here: install it with your system's packages.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while installing Chromium", e);
        }
    }
}
