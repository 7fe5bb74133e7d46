package dev.customrag.document;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FilenameTest {

    @Test
    void pathsAndControlCharactersGoAndScriptsStay() {
        assertThat(Filename.clean("..\\..\\etc/pass\u0000wd\n.txt")).isEqualTo("passwd .txt");
        assertThat(Filename.clean("レポート 最終.txt")).isEqualTo("レポート 最終.txt");
        assertThat(Filename.clean("invoice\u202Etxt.exe")).isEqualTo("invoicetxt.exe");
        assertThat(Filename.clean("\uD800")).isEqualTo("document");
        assertThat(Filename.clean("/")).isEqualTo("document");
        assertThat(Filename.clean("..")).isEqualTo("document");
        assertThat(Filename.clean(null)).isEqualTo("document");
        assertThat(Filename.clean("inv\u202Etxt.exe")).isEqualTo("invtxt.exe");
        assertThat(Filename.clean("zero\u200Bwidth.txt")).isEqualTo("zerowidth.txt");
    }

    @Test
    void aLongNameLosesItsEndButNotItsExtension() {
        assertThat(Filename.clean("x".repeat(300) + ".txt")).hasSize(255).endsWith("xxx.txt");
        assertThat(Filename.clean("😀".repeat(300) + ".txt")).hasSize(254).endsWith("😀.txt");
    }

    @Test
    void aHeaderCarriesAnyNameInTwoForms() {
        assertThat(Filename.attachment("a\"b\\c 100%é.txt"))
                .isEqualTo("attachment; filename=\"a_b_c 100__.txt\"; filename*=UTF-8''a%22b%5Cc%20100%25%C3%A9.txt");
    }
}
