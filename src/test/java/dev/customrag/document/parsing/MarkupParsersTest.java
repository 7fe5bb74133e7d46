package dev.customrag.document.parsing;

import static dev.customrag.document.parsing.Reading.blocks;
import static dev.customrag.document.parsing.Reading.detect;
import static dev.customrag.document.parsing.Reading.headings;
import static dev.customrag.document.parsing.Reading.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.testing.SampleFiles;
import java.nio.charset.Charset;
import org.junit.jupiter.api.Test;

class MarkupParsersTest {

    @Test
    void htmlKeepsTermsNumbersAndWhatIsSeen() {
        assertThat(blocks(read(FileType.HTML, SampleFiles.text("""
                        <html><body>
                        <p style="color:red; Display : NONE">Hidden</p><div aria-hidden="true">x</div>
                        <div role="navigation">Home</div>
                        <dl><dt>Rent</dt><dd>950&nbsp;euros &amp; heating</dd><dt>Term</dt><dd>Two years</dd><dd>or more</dd></dl>
                        <ol start="3"><li>Cut</li><li>Glue<ul><li>thin</li></ul></li><li>Wait</li></ol>
                        <table><caption>Prices</caption><thead><tr><th>Article</th><th>Price</th></tr></thead>
                        <tbody><tr><th>Desk</th><td>412</td></tr></tbody></table>
                        </body></html>"""))))
                .containsExactly(
                        "Rent: 950 euros & heating",
                        "Term: Two years",
                        "or more",
                        "3. Cut",
                        "4. Glue",
                        "- thin",
                        "5. Wait",
                        "Prices",
                        "Article | Price",
                        "Desk | 412");
    }

    @Test
    void aPageThatDeclaresItsCharsetIsBelievedAndOneThatDoesNotIsGuessed() {
        String words = "<p>Договор аренды квартиры на Садовой улице. Арендная плата вносится до пятого числа.</p>";

        for (String head : new String[] {"", "<meta charset=utf-8>", "<meta charset=KOI8-R>"}) {
            byte[] page = ("<html><head>" + head + "</head>" + words).getBytes(Charset.forName("KOI8-R"));

            assertThat(read(FileType.HTML, page).text()).startsWith("Договор аренды");
        }
    }

    @Test
    void markdownKnowsBothKindsOfHeadingsAndNumbersItsSteps() {
        ParsedDocument document = read(FileType.MARKDOWN, SampleFiles.text("""
                Guide
                =====

                3. Cut &amp; glue
                   - thin
                4. Wait

                Setup
                -----

                    make all

                > quoted ![a plan](x.png)
                """));

        assertThat(headings(document)).containsExactly("Guide", "Setup");
        assertThat(blocks(document))
                .containsExactly("Guide", "3. Cut & glue", "- thin", "4. Wait", "Setup", "make all", "quoted a plan");
    }

    @Test
    void aNumberAloneIsTextAndABulletAloneIsNot() {
        assertThat(
                        blocks(
                                read(
                                        FileType.HTML,
                                        SampleFiles.text(
                                                "<p>The answer is</p><p>42.</p><p>-</p><ol><li></li><li><p>7.</p></li><li>3.</li></ol>"))))
                .containsExactly("The answer is", "42.", "-", "7.", "3. 3.");
    }

    @Test
    void cellsOfARowThatLaysOutThePageAreParagraphsEach() {
        assertThat(blocks(read(
                        FileType.HTML,
                        SampleFiles.text("<table><tr><th>Left<th>Middle<td>Right<td><h2>Desks</h2>Of oak.</table>"))))
                .containsExactly("Left", "Middle", "Right", "Desks", "Of oak.");
    }

    @Test
    void htmlWithinMarkdownIsReadAsHtml() {
        ParsedDocument document = read(FileType.MARKDOWN, SampleFiles.text("""
                <h1 align="center">Desks</h1>

                <p hidden>Unseen</p>

                <table>
                <tr><th>Article</th><th>Price</th></tr>
                <tr><td>Desk</td><td>412</td></tr>
                </table>

                Words.
                """));

        assertThat(headings(document)).containsExactly("Desks");
        assertThat(blocks(document)).containsExactly("Desks", "Article | Price", "Desk | 412", "Words.");
    }

    @Test
    void frontMatterBeginsWithAKey() {
        assertThat(blocks(read(FileType.MARKDOWN, SampleFiles.text("---\ntitle: Desks\ntags:\n- oak\n---\nWords."))))
                .containsExactly("title: Desks\ntags:\n- oak", "Words.");
        assertThat(blocks(read(FileType.MARKDOWN, SampleFiles.text("---\ntags:\n---\n"))))
                .containsExactly("tags:");
        assertThat(headings(read(FileType.MARKDOWN, SampleFiles.text("---\n# Desks\n\nOf oak: all.\n\n---\nWords."))))
                .containsExactly("Desks");
    }

    @Test
    void whatLooksLikeTextIsReadAsItStands() {
        String xml = "<?xml version=\"1.0\"?>\n<lease><rent currency=\"EUR\">950</rent></lease>";
        String subtitles = "1\n00:00:01,000 --> 00:00:02,000\nHello.\n";

        assertThat(detect(SampleFiles.text(xml), "lease.xml")).isEqualTo(FileType.TEXT);
        assertThat(read(FileType.TEXT, SampleFiles.text(xml)).text()).isEqualTo(xml);
        for (String name : new String[] {"a.srt", "a.yaml", "a.log", "A.java"}) {
            assertThat(detect(SampleFiles.text(subtitles), name)).isEqualTo(FileType.TEXT);
        }
    }
}
