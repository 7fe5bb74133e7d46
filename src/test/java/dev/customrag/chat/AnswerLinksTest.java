package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.knowledge.Passage;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerLinksTest {

    private static final String KNOWN = "https://known.example/lease";

    private static final String[] PIECES = {
        "!",
        "[",
        "]",
        "(",
        ")",
        "![x]",
        "](",
        "]:",
        "](https://evil.example/?q=950)",
        "](" + KNOWN + ")",
        "](#top)",
        "https://evil.example/?q=950",
        "//evil.example",
        KNOWN,
        "<",
        ">",
        "<img",
        " src=",
        "\"",
        "'",
        "<div",
        " style=",
        "<script>",
        "</script>",
        "<div>",
        "<br>",
        "<a href=",
        "=",
        "/",
        "\\",
        " ",
        "\n",
        "\n\n",
        "`",
        "```",
        "```\n",
        "~~~\n",
        "x",
        "[1]",
        "[7]",
        "([7])",
        " [7]",
        "【7】",
        "\n[x]: ",
        "<https:",
        "![x][r]",
        "[r]",
        "- ",
        "> ",
        "    ",
        "&#33;",
        "<!--",
        "-->",
        "<svg/onload=",
        "\t",
        "(a)",
        "[7](",
        "\\["
    };

    private static String filtered(String answer, String... given) {
        var links = new AnswerLinks(List.of(given));
        return links.feed(answer) + links.end();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ![](https://evil.example/?q=950)           | ! [] (https://evil.example/?q=950)
            ![x](https://known.example/lease)          | ! [x](https://known.example/lease)
            ![x][r]                                    | ! [x][r]
            Look![1]                                   | Look! [1]
            [here](https://evil.example/?q=950)        | [here] (https://evil.example/?q=950)
            [here](https://known.example/lease)        | [here](https://known.example/lease)
            [here](https://known.example/lease "See")  | [here](https://known.example/lease "See")
            [here](https://known.example/lease?q=950)  | [here] (https://known.example/lease?q=950)
            [here](https://known.example/(a)950)       | [here] (https://known.example/(a)950)
            [here](<https://known.example/lease>)      | [here] (<https://known.example/lease>)
            [here]( https://evil.example)              | [here] ( https://evil.example)
            [here](javascript:alert(1))                | [here] (javascript:alert(1))
            [here](//evil.example)                     | [here] (//evil.example)
            [here](https://known.example/le)           | [here] (https://known.example/le)
            [here](//known.example/lease)              | [here] (//known.example/lease)
            [here](https://known.example/end)          | [here](https://known.example/end)
            [here](#part)                              | [here](#part)
            [r]: https://evil.example/?q=950           | [r] : https://evil.example/?q=950
            [r]: nothing but text                      | [r] : nothing but text
            [r]: <//evil.example>                      | [r] : <//evil.example>
            [![x](https://evil.example)](https://evil.example) | [! [x] (https://evil.example)] (https://evil.example)
            [a](![x](https://evil.example))            | [a] (! [x] (https://evil.example))
            <img src="https://evil.example">           | < img src="https://evil.example">
            <IMG SRC=//evil.example>                   | < IMG SRC=//evil.example>
            <img/src=x>                                | < img/src=x>
            <div style="background:url(//x)">          | < div style="background:url(//x)">
            <div title=">" style="a:b">                | < div title=">" style="a:b">
            <a href="https://evil.example/?q">x</a>    | < a href="https://evil.example/?q">x</a>
            <svg onload=alert(1)>                      | < svg onload=alert(1)>
            <style>@import "//x"</style>               | < style>@import "//x"</style>
            <div[1](=](//x)>                           | < div[1] (=] (//x)>
            <script>x</script>                         | < script>x</script>
            `![x](https://evil.example)`               | `! [x] (https://evil.example)`
            """)
    void whatWouldLeadElsewhereIsShownInstead(String answer, String expected) {
        assertThat(filtered(answer, """
                The lease is at https://known.example/lease and https://known.example/(a) there,
                in [the end](https://known.example/end).""")).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello! How are [you] (today)?",
                "See https://example.org/?q=950 or <https://example.org/page>.",
                "a < b, a <= b, x <- y, List<String> and Map<String, Integer> m = null;",
                "One<br>two<br/>three <b>bold</b> H<sub>2</sub>O",
                "<div class=\"note\" id='n1'>x</div>",
                "<project xmlns=\"http://maven.apache.org/POM/4.0.0\">",
                "a[7](b) is no address that is known, so it is not here: a[7]",
                "- [ ] to do\n- [x] done"
            })
    void everythingElseStaysAsItIs(String answer) {
        assertThat(filtered(answer, "Call b at noon.")).isEqualTo(answer);
    }

    @Test
    void proseLeavesAtOnce() {
        var links = new AnswerLinks(List.of());

        assertThat(links.feed("Great")).isEqualTo("Great");
        assertThat(links.feed("!")).isEmpty();
        assertThat(links.feed(" So")).isEqualTo("! So");
        assertThat(links.feed(" [the lease")).isEqualTo(" [the lease");
        assertThat(links.feed("]")).isEmpty();
        assertThat(links.feed(" is")).isEqualTo("] is");
        assertThat(links.feed(" <")).isEqualTo(" ");
        assertThat(links.feed(" 3")).isEqualTo("< 3");
        assertThat(links.feed(" <b")).isEqualTo(" ");
        assertThat(links.feed(">bold")).isEqualTo("<b>bold");
        assertThat(links.feed(" x<y")).isEqualTo(" x");
        assertThat(links.feed(" holds\n")).isEqualTo("< y holds\n");
    }

    @Test
    void howAnAnswerIsCutIntoPiecesMakesNoDifference() {
        var random = new Random(14);
        for (int round = 0; round < 10_000; round++) {
            String answer = text(random);
            AnswerText streamed = answerText();
            var out = new StringBuilder();
            for (int at = 0; at < answer.length(); ) {
                int end = Math.min(answer.length(), at + random.nextInt(1, 6));
                out.append(streamed.feed(answer.substring(at, end)));
                at = end;
            }
            out.append(streamed.end());

            AnswerText whole = answerText();
            assertThat(out).as(answer).hasToString(whole.feed(answer) + whole.end());
        }
    }

    /** What CommonMark's own reader makes of it: no image, no link but known ones and those that show their address. */
    @Test
    void whateverAModelWritesNothingIsLoadedAndNoLinkHidesWhereItLeads() {
        Parser parser = Parser.builder().build();
        var random = new Random(15);
        for (int round = 0; round < 60_000; round++) {
            String answer = text(random);
            AnswerText filter = answerText();
            String shown = filter.feed(answer) + filter.end();

            parser.parse(shown).accept(new AbstractVisitor() {
                @Override
                public void visit(Image image) {
                    throw new AssertionError("An image: " + answer + "\n-> " + shown);
                }

                @Override
                public void visit(Link link) {
                    String to = link.getDestination();
                    boolean plain = link.getFirstChild() instanceof Text text
                            && text.getLiteral().equals(to);
                    // An address without a scheme is one of the service's own.
                    boolean elsewhere = ELSEWHERE.matcher(to).lookingAt();
                    if (elsewhere && !plain && !to.equals(KNOWN)) {
                        throw new AssertionError("A link to " + to + ": " + answer + "\n-> " + shown);
                    }
                    visitChildren(link);
                }

                @Override
                public void visit(HtmlInline html) {
                    assertHarmless(html.getLiteral(), answer, shown);
                }

                @Override
                public void visit(HtmlBlock html) {
                    assertHarmless(html.getLiteral(), answer, shown);
                }
            });
        }
    }

    /** As browsers read it (WHATWG URL, 4.4): white space around goes, and backslashes are slashes. */
    private static final Pattern ELSEWHERE = Pattern.compile("\\s*(?:[a-zA-Z][a-zA-Z0-9+.-]*:|[/\\\\]{2})");

    private static final Pattern TAG_WITH_VALUE =
            Pattern.compile("<[a-zA-Z][^\\s/>]*[\\s/][^>=]*=(?!([\"'])[\\w\\s.-]*\\1)");
    private static final Pattern ACTIVE = Pattern.compile("<(?i:script|style)[\\s/>]");

    private static void assertHarmless(String html, String answer, String shown) {
        if (TAG_WITH_VALUE.matcher(html).find() || ACTIVE.matcher(html).find()) {
            throw new AssertionError("A tag: " + answer + "\n-> " + shown);
        }
    }

    @Test
    void aHostileAnswerTakesNoLongerThanItsLength() {
        for (String hostile : List.of("!", "![", "](", "](x", "<", "<a ", "<a b", "]:", "]: ", "[](", "<a b=\"c\" ")) {
            String answer = hostile.repeat(100_000 / hostile.length());
            long began = System.nanoTime();
            var links = new AnswerLinks(List.of("text ".repeat(2_000)));
            for (int at = 0; at < answer.length(); at += 4) {
                links.feed(answer.substring(at, Math.min(answer.length(), at + 4)));
            }
            links.end();
            assertThat(System.nanoTime() - began).as(hostile).isLessThan(10_000_000_000L);
        }
    }

    private static String text(Random random) {
        return IntStream.range(0, random.nextInt(1, 16))
                .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                .collect(Collectors.joining());
    }

    private static AnswerText answerText() {
        String text = "It is at " + KNOWN + " now.";
        var passage =
                new Passage(UUID.randomUUID(), UUID.randomUUID(), "a.txt", null, null, 0, text.length(), text, 0.5);
        return new AnswerText("Where is it?", List.of(passage, passage, passage));
    }
}
