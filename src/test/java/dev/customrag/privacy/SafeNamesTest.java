package dev.customrag.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeNamesTest {

    private final SafeNames names = new SafeNames();

    @ParameterizedTest
    @CsvSource({
        "lease.pdf, lease.pdf",
        "Übersicht 2026 (neu).docx, Übersicht 2026 (neu).docx",
        "契約書.pdf, 契約書.pdf",
        ".env, .env",
        "../../etc/passwd, .._.._etc_passwd",
        "..\\..\\windows\\system.ini, .._.._windows_system.ini",
        "/etc/passwd, _etc_passwd",
        "C:\\autoexec.bat, C__autoexec.bat",
        ".., file",
        "., file",
        "'', file",
        "'   ', file",
        "'. . .', file",
        "'lease.pdf. .', lease.pdf",
        "'  lease.pdf', lease.pdf",
        "a<b>c:d\"e|f?g*h.txt, a_b_c_d_e_f_g_h.txt",
        "CON, _CON",
        "con.txt, _con.txt",
        "'NUL .tar.gz', '_NUL .tar.gz'",
        "lpt9.pdf, _lpt9.pdf",
        "COM¹, _COM¹",
        "console.txt, console.txt",
    })
    void namesCanBeUnpackedAnywhere(String given, String expected) {
        assertThat(names.path("documents/", given)).isEqualTo("documents/" + expected);
    }

    @Test
    void whatIsNotSeenGoes() {
        assertThat(names.path("", "annual\u202Efdp.exe")).isEqualTo("annualfdp.exe");
        assertThat(names.path("", "a\u0000b\nc\u2028d\uD800e.txt")).isEqualTo("a_b_c_d_e.txt");
        assertThat(names.path("", "e\u0301te\u0301.pdf")).isEqualTo("\u00e9t\u00e9.pdf");
    }

    @Test
    void theSecondOfANameHasANumber() {
        assertThat(names.path("a/", "lease.pdf")).isEqualTo("a/lease.pdf");
        assertThat(names.path("a/", "lease.pdf")).isEqualTo("a/lease (2).pdf");
        assertThat(names.path("a/", "LEASE.PDF")).isEqualTo("a/LEASE (3).PDF");
        assertThat(names.path("b/", "lease.pdf")).isEqualTo("b/lease.pdf");
        assertThat(names.path("a/", "README")).isEqualTo("a/README");
        assertThat(names.path("a/", "readme")).isEqualTo("a/readme (2)");
        assertThat(names.path("a/", ".env")).isEqualTo("a/.env");
        assertThat(names.path("a/", ".env")).isEqualTo("a/.env (2)");
        // Two ways to write one letter, and a ligature: one name to some systems.
        assertThat(names.path("a/", "été.txt")).isEqualTo("a/été.txt");
        assertThat(names.path("a/", "e\u0301te\u0301.txt")).isEqualTo("a/été (2).txt");
        assertThat(names.path("a/", "ﬁle.txt")).isEqualTo("a/ﬁle.txt");
        assertThat(names.path("a/", "file.txt")).isEqualTo("a/file (2).txt");
    }

    @Test
    void aNameThatLooksNumberedTakesNobodysPlace() {
        assertThat(names.path("", "a (2).txt")).isEqualTo("a (2).txt");
        assertThat(names.path("", "a.txt")).isEqualTo("a.txt");
        assertThat(names.path("", "a.txt")).isEqualTo("a (3).txt");
        assertThat(names.path("", "a (3).txt")).isEqualTo("a (3) (2).txt");
    }

    @Test
    void longNamesKeepTheirExtension() {
        String path = names.path("", "契".repeat(255) + ".pdf");
        assertThat(path).startsWith("契契").endsWith("契.pdf");
        assertThat(path.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(198, 200);
        assertThat(names.path("", "😀".repeat(100))).isEqualTo("😀".repeat(50));
        assertThat(names.path("", "a." + "b".repeat(400))).hasSize(200);
    }

    @Test
    void noTwoOfThousandsAreTheSame() {
        var random = new Random(7);
        var taken = new TreeSet<String>(String.CASE_INSENSITIVE_ORDER);
        List<String> parts = List.of("a", "A", ".", " ", "/", "(2)", "..", "\u202E", "ß", "con", "é", "e\u0301");
        for (int i = 0; i < 5_000; i++) {
            var name = new StringBuilder();
            for (int part = random.nextInt(6); part > 0; part--) {
                name.append(parts.get(random.nextInt(parts.size())));
            }

            String path = names.path("folder/", name.toString());

            assertThat(taken.add(path)).as(path).isTrue();
            assertThat(path).matches("folder/[^/]*[^/. ]");
        }
    }
}
