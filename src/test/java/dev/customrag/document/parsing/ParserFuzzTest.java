package dev.customrag.document.parsing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.document.parsing.ParsedDocument.Block;
import dev.customrag.document.parsing.ParsedDocument.Section;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.OfficeFiles;
import dev.customrag.testing.SampleFiles;
import dev.customrag.testing.Settings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every parser on files that are nearly right: each ends in time, with text that can be stored or with words for the
 * person. {@code -Dfuzz.seeds=1000} tries more, {@code -Dfuzz.seed=42} begins with the one that failed.
 */
@BesideOthers
class ParserFuzzTest {

    private static final int SEEDS = Integer.getInteger("fuzz.seeds", 25);
    private static final int FIRST_SEED = Integer.getInteger("fuzz.seed", 1);

    private static final Duration TIME_LIMIT = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ParsingConfig limits =
            Settings.with(ParsingConfig.class, Map.of("documents.parsing.time-limit", TIME_LIMIT.toString()));
    private final ParserThreads threads = new ParserThreads(
            limits,
            Settings.with(ReaderConfig.class, Map.of("documents.parsing.grace", GRACE.toString())),
            new SimpleMeterRegistry());

    @TempDir
    Path folder;

    /** A good file of each type, with some of all that the type can hold. */
    private static byte[] sample(FileType type) {
        return switch (type) {
            case PDF ->
                SampleFiles.pdf(
                        List.of("The first page is about apples.", "Name  Price\nDesk  412\nLamp  39"),
                        List.of("The second page is about pears."));
            case DOCX -> SampleFiles.docx();
            case XLSX ->
                OfficeFiles.xlsx("Prices", OfficeFiles.row("Article", "Price"), OfficeFiles.row("Walnut desk", 412d));
            case PPTX -> OfficeFiles.pptx();
            case ODT ->
                OfficeFiles.odt(
                        "<text:h text:outline-level=\"1\">Boiler</text:h><text:p>It is <text:span>replaced</text:span>"
                                + " in<text:s text:c=\"3\"/>May.</text:p>");
            case ODS ->
                OfficeFiles.ods("<table:table table:name=\"Garden\">" + OfficeFiles.odfRow("Post", "Amount")
                        + OfficeFiles.odfRow("Seeds", "250") + "</table:table>");
            case ODP ->
                OfficeFiles.odp("<draw:page/><draw:page><draw:frame><draw:text-box>"
                        + "<text:p>Swallows return in March.</text:p></draw:text-box></draw:frame></draw:page>");
            case RTF ->
                OfficeFiles.rtf(
                        "\\pard {\\b The deposit} is paid \\u8364? back.\\par\\trowd\\cellx1000\\intbl a\\cell\\row");
            case EPUB -> SampleFiles.zip(SampleFiles.EPUB);
            case EMAIL -> SampleFiles.text("""
                        From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>
                        Subject: The boiler
                        MIME-Version: 1.0
                        Content-Type: multipart/mixed; boundary="b"

                        --b
                        Content-Type: text/html; charset=utf-8
                        Content-Transfer-Encoding: quoted-printable

                        <p>It is repaired on =
                        Friday.</p>
                        --b
                        Content-Type: application/pdf; name="a.pdf"
                        Content-Transfer-Encoding: base64

                        JVBERi0=
                        --b--
                        """);
            case CSV -> SampleFiles.text("Article;Price\n\"Walnut; desk\";412 euros\nLamp;39 euros;new\n");
            case JSON ->
                SampleFiles.text(
                        "{\"order\": {\"number\": 7, \"lines\": [{\"a\": \"\\u00fc\"}, {\"a\": null, \"b\": [1.5e3, true]}]}}");
            case HTML -> SampleFiles.text("""
                        <!DOCTYPE html><html><head><title>Shop</title><meta charset=utf-8></head><body>
                        <h1>Prices</h1><p>Welcome to the <b>shop</b>.<br>We are open&nbsp;&#8364;.</p>
                        <table><tr><th>Article</th><th>Price</th></tr><tr><td>Desk</td><td>412</td></tr></table>
                        <ul><li>First<li>Second <i>thing</i></ul><pre>int a;
                        int b;</pre><svg><title>x</title></svg></body></html>
                        """);
            case MARKDOWN -> SampleFiles.text("""
                        ---
                        author: Ada
                        ---
                        # Guide

                        Run the *program* with [care](https://example.org), `sudo` and ![alt](a.png "b").

                        - one
                          1. two
                        > quoted

                        ```sh
                        make
                        ```

                        | Article | Price |
                        |---------|------:|
                        | Desk    | **412** |

                        <div>html &amp; more</div>
                        """);
            case TEXT -> SampleFiles.text("Roses are red,\r\nviolets are blue. Grüße 😀\n\nNext.\fPage\n");
        };
    }

    @ParameterizedTest
    @EnumSource
    void whateverIsChangedTheOutcomeIsTextOrWordsForThePerson(FileType type) throws Exception {
        List<byte[]> samples =
                Stream.of(FileType.values()).map(ParserFuzzTest::sample).toList();
        assertThat(outcome(type, sample(type), "the sample itself")).isNull();
        for (int seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
            byte[] mutated = new Mutations(new SplittableRandom(seed), samples).of(sample(type));
            outcome(type, mutated, "-Dfuzz.seed=" + seed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFileMayBreakOffAnywhere(FileType type) throws Exception {
        byte[] whole = sample(type);
        int step = Math.max(1, whole.length / 50);
        for (int length = 0; length < whole.length; length += step) {
            outcome(type, Arrays.copyOf(whole, length), "the first " + length + " bytes");
        }
    }

    /** The words for the person, or null if there is text. */
    private String outcome(FileType type, byte[] bytes, String what) throws Exception {
        Path file = Files.write(folder.resolve("upload"), bytes);
        detect(file);
        var thrown = new Throwable[1];
        DocumentParser parser = (path, text) -> {
            try {
                type.parser().parse(path, text);
            } catch (Throwable e) {
                thrown[0] = e;
                throw e;
            }
        };
        long began = System.nanoTime();
        String outcome = null;
        try {
            check(threads.read(parser, file), what);
        } catch (UnreadableDocument e) {
            outcome = e.getMessage();
            assertThat(outcome).as(what).isNotBlank();
        }
        assertThat(thrown[0] instanceof Error && !(thrown[0] instanceof VirtualMachineError))
                .as(what + ": " + thrown[0])
                .isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(what).isLessThan(TIME_LIMIT.plus(GRACE));
        return outcome;
    }

    /** At the upload, which has no other process to break. */
    private static void detect(Path file) throws IOException {
        for (String name : List.of("a", "a.md")) {
            try {
                assertThat(FileTypeDetector.detect(file, name)).isNotNull();
            } catch (UnsupportedFile e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    private void check(ParsedDocument document, String what) throws IOException {
        String text = document.text();
        assertThat(text).as(what).isNotBlank().doesNotContain("\0");
        assertThat(text.codePoints().filter(c -> Character.getType(c) == Character.SURROGATE))
                .as(what)
                .isEmpty();
        int end = 0;
        for (Section section : document.sections()) {
            for (Block block : section.blocks()) {
                assertThat(text.substring(end, block.start())).as(what).isBlank();
                assertThat(text.substring(block.start(), block.end())).as(what).isNotBlank();
                end = block.end();
            }
        }
        assertThat(end).as(what).isEqualTo(text.length());
        var sent = new ByteArrayOutputStream();
        ParserWire.write(new ParserWire.Text(document), new DataOutputStream(sent));
        assertThat(ParserWire.readReply(new DataInputStream(new ByteArrayInputStream(sent.toByteArray())), limits))
                .as(what)
                .isEqualTo(new ParserWire.Text(document));
    }
}
