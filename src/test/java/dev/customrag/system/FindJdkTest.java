package dev.customrag.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code mvnw} does to find a JDK, on machines made of folders. */
class FindJdkTest {

    @TempDir
    Path machine;

    private Path script;

    /** The script with its usual places below the made-up machine. */
    @BeforeEach
    void moveTheUsualPlaces() throws IOException {
        String original = Files.readString(Path.of(".mvn/find-jdk.sh"));
        script = Files.writeString(
                machine.resolve("find-jdk.sh"),
                original.replaceAll(" (/usr/lib|/usr/java|/opt)", " " + machine + "$1"));
        Files.createDirectories(machine.resolve("bin"));
        // The one program the script needs on the PATH; the machine's own JDKs are not to be seen.
        program(machine.resolve("bin/readlink"), "exec /usr/bin/readlink \"$@\"");
    }

    @Test
    void aJdk25BesideAnOlderOneOnThePathIsFound() throws Exception {
        jdk("usr/lib/jvm/java-17", "17.0.15");
        Path wanted = jdk("usr/lib/jvm/temurin-25-jdk-amd64", "25.0.3");

        assertThat(find(Map.of(), "usr/lib/jvm/java-17/bin")).isEqualTo("0 " + wanted + " " + wanted + "/bin");
    }

    @Test
    void javaHomeIsTakenWhenItWillDo() throws Exception {
        jdk("usr/lib/jvm/25", "25");
        Path chosen = jdk("home/mine", "26-ea");

        assertThat(find(Map.of("JAVA_HOME", chosen.toString()), "bin")).startsWith("0 " + chosen + " ");
    }

    @Test
    void javaHomeIsPassedOverWhenItIsTooOld() throws Exception {
        Path old = jdk("usr/lib/jvm/21", "21.0.7");
        Path wanted = jdk("opt/jdk-25", "25.0.1");

        assertThat(find(Map.of("JAVA_HOME", old.toString()), "bin")).startsWith("0 " + wanted + " ");
    }

    @Test
    void release25IsPreferredToANewerOne() throws Exception {
        jdk("usr/lib/jvm/a-27", "27");
        Path wanted = jdk("usr/lib/jvm/b-25", "25.0.2");

        assertThat(find(Map.of(), "usr/lib/jvm/a-27/bin")).startsWith("0 " + wanted + " ");
    }

    @Test
    void aNewerReleaseWillDo() throws Exception {
        Path newer = jdk("home/.sdkman/candidates/java/27", "27.0.1");

        assertThat(find(Map.of(), "bin")).startsWith("0 " + newer + " ");
    }

    @Test
    void aRuntimeWithoutCompilerIsNone() throws Exception {
        Path runtime = jdk("usr/lib/jvm/25-jre", "25.0.3");
        Files.delete(runtime.resolve("bin/javac"));

        assertThat(find(Map.of(), "bin")).startsWith("1 ");
    }

    @Test
    void aJdkWithoutReleaseFileIsAsked() throws Exception {
        Path wanted = jdk("usr/lib/jvm/own-build", "25.0.3");
        Files.delete(wanted.resolve("release"));

        assertThat(find(Map.of(), "bin")).startsWith("0 " + wanted + " ");
    }

    @Test
    void whereThereIsNoneTheMessageSaysWhatToDo() throws Exception {
        jdk("usr/lib/jvm/17", "17.0.15");

        assertThat(find(Map.of(), "usr/lib/jvm/17/bin"))
                .startsWith("1 ")
                .contains("needs a JDK (with javac) of release 25 or newer")
                .contains("openjdk-25-jdk-headless");
    }

    private Path jdk(String place, String version) throws IOException {
        Path home = machine.resolve(place);
        Files.createDirectories(home.resolve("bin"));
        program(home.resolve("bin/java"), "echo java " + version);
        program(home.resolve("bin/javac"), "echo javac " + version);
        Files.writeString(
                home.resolve("release"), "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\nLIBC=\"gnu\"\n");
        return home;
    }

    private static void program(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    /** The status and output of a shell that sources the script with mvnw's own settings. */
    private String find(Map<String, String> environment, String path) throws Exception {
        var shell = new ProcessBuilder(
                        "/bin/sh", "-c", "set -euf; . \"$0\"; echo \"$JAVA_HOME ${PATH%%:*}\"", script.toString())
                .redirectErrorStream(true);
        shell.environment().clear();
        shell.environment().put("HOME", machine.resolve("home").toString());
        shell.environment().put("PATH", machine.resolve(path) + ":" + machine.resolve("bin"));
        shell.environment().putAll(environment);
        var process = shell.start();
        String output = new String(process.getInputStream().readAllBytes());
        return process.waitFor() + " " + output.strip();
    }
}
