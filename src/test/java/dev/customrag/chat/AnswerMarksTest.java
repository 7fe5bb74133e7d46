package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerMarksTest {

    /** What answers are made of, and what makes it hard to tell marks. */
    private static final String[] PIECES = {
        "[1]",
        "[7]",
        "[2]",
        "[1, 7]",
        "[7, 8]",
        "[1-3]",
        "[7–9]",
        "【1†source】",
        "【9】",
        "［２］",
        "[[7]]",
        "[[1]]",
        "\\[7\\]",
        "[Source 7]",
        "[0]",
        "[0, 1]",
        "[1998]",
        "[^7]",
        "[7](https://example.org)",
        "[",
        "]",
        "(",
        ")",
        " ",
        " ",
        ".",
        ",",
        "; ",
        "\n",
        "\n\n",
        "`",
        "``",
        "```",
        "~~~",
        "```\n",
        "[x]",
        "a",
        "word",
        "7",
        "99",
        "1",
        "-",
        "!",
        "¶",
        "[1",
        "7]",
        "and",
        " and ",
        "Source ",
        "\u00a0",
        "😀"
    };

    private static String filtered(String answer, int sources) {
        var marks = new AnswerMarks(sources);
        return marks.feed(answer) + marks.end();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, textBlock = """
            It is so [1].|It is so [1].
            It is so [7].|It is so.
            It is so [0], isn't it?|It is so, isn't it?
            So [7] and so [2].|So and so [2].
            So.[7] And so.[2]|So. And so.[2]
            So it is[7].|So it is.
            So [1, 7].|So [1].
            So [1,2].|So [1,2].
            So [7, 8] it is.|So it is.
            So [1][7][2].|So [1][2].
            So [1], [7].|So [1].
            So [7], [1].|So [1].
            So [7], [8], then.|So, then.
            So ([7]).|So.
            So ([1]).|So ([1]).
            So ([7], see above).|So (, see above).
            So (see [7]).|So (see).
            So 【1†source】 and 【9†L1-L5】.|So [1] and.
            So 【2】.|So [2].
            So ［1］［９］.|So [1].
            So [１].|So [1].
            So [[1]] and [[7]] and [[2, 7]].|So [[1]] and and [[2]].
            So \\[1\\] and \\[7\\].|So [1] and.
            So [1-3].|So [1, 2, 3].
            So [2–9].|So [2, 3].
            So [Source 1] and [source: 7].|So [1] and.
            So [ 7 ].|So.
            So [1 and 2].|So [1, 2].
            Great![7]|Great!
            So[7]and so.|So and so.
            <[7]b> and [a]([7]): b|< b> and [a]((7)): b
            [7] So.| So.
            In [1998] it was so.|In (1998) it was so.
            In [1998, 2001].|In (1998, 2001).
            [[7]1]|[(7)1]
            [[7]99]|[(7)99]
            """)
    void marksOfNoSourceAreTakenOutAndOthersMadePlain(String answer, String expected) {
        assertThat(filtered(answer, 3)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "See [7](https://example.org/7) and [the lease](https://example.org).",
                "Set `a[7]` and ``b[8] ` c[9]``.",
                "```java\nint x = a[7];\n```\n",
                "Like so:\n\n- item\n\n  ~~~\n  a[7] [8]\n  ~~~\n",
                "````\n```\n[7]\n```\n[8]\n````\n",
                "```\n[7]\n``` no end\n[8]",
                "As a note[^7] says.\n\n[^7]: The note.",
                "A share in [0, 1] or [0,7].",
                "- [ ] to do\n- [x] done",
                "An array [a, b], a range [1..9], a list [1, two], [-7], [7.5], [].",
                "Open [7, and ]7[",
                "No marks (at all) here.  Two spaces, and a trailing one "
            })
    void everythingElseStaysAsItIs(String answer) {
        assertThat(filtered(answer, 3)).isEqualTo(answer);
    }

    @Test
    void codeEndsWithItsLineItsBlockOrItsBackticks() {
        assertThat(filtered("A ` is a backtick [7].\nSo [7].", 3)).isEqualTo("A ` is a backtick [7].\nSo.");
        assertThat(filtered("```\n[7]\n```\nSo [7].", 3)).isEqualTo("```\n[7]\n```\nSo.");
        assertThat(filtered("```a[7]``` So [7].", 3)).isEqualTo("```a[7]``` So.");
        assertThat(filtered("`a[7]` So [7].", 3)).isEqualTo("`a[7]` So.");
    }

    @Test
    void withoutSourcesEveryMarkIsInvented() {
        assertThat(filtered("So [1] and so [2][3].", 0)).isEqualTo("So and so.");
    }

    @Test
    void whatIsNoMarkLeavesAtOnce() {
        var marks = new AnswerMarks(3);

        assertThat(marks.feed("The notice")).isEqualTo("The notice");
        assertThat(marks.feed(" period")).isEqualTo(" period");
        assertThat(marks.feed(" is ")).isEqualTo(" is");
        assertThat(marks.feed("three")).isEqualTo(" three");
        assertThat(marks.feed(" [")).isEmpty();
        assertThat(marks.feed("1")).isEmpty();
        assertThat(marks.feed("]")).isEmpty();
        assertThat(marks.feed(".")).isEqualTo(" [1].");
        assertThat(marks.feed(" [sic]")).isEqualTo(" [sic]");
        assertThat(marks.feed(" [9]")).isEmpty();
        assertThat(marks.end()).isEmpty();
    }

    @Test
    void whereMarksStandIsRemembered() {
        var marks = new AnswerMarks(3);
        String answer = marks.feed("One [1]. Two [7] and `[2]` three [2][7], [3].") + marks.end();

        assertThat(answer).isEqualTo("One [1]. Two and `[2]` three [2], [3].");
        assertThat(marks.marks())
                .containsExactly(
                        new AnswerMarks.Mark(4, 7, List.of(1)),
                        new AnswerMarks.Mark(answer.indexOf("[2], [3]"), answer.length() - 1, List.of(2, 3)));
    }

    @Test
    void howAnAnswerIsCutIntoPiecesMakesNoDifference() {
        var random = new Random(4);
        for (int round = 0; round < 20_000; round++) {
            String answer = IntStream.range(0, random.nextInt(1, 14))
                    .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                    .collect(Collectors.joining());
            var marks = new AnswerMarks(3);
            var streamed = new StringBuilder();
            for (String piece : cut(answer, random)) {
                streamed.append(marks.feed(piece));
            }
            streamed.append(marks.end());

            var whole = new AnswerMarks(3);
            assertThat(streamed).as(answer).hasToString(whole.feed(answer) + whole.end());
            assertThat(marks.marks()).as(answer).isEqualTo(whole.marks());
        }
    }

    @Test
    void whatCameOutHasNoMarkOfNoSourceAnyMore() {
        var random = new Random(5);
        for (int round = 0; round < 50_000; round++) {
            String answer = IntStream.range(0, random.nextInt(1, 14))
                    .mapToObj(i -> PIECES[random.nextInt(PIECES.length)])
                    .collect(Collectors.joining());
            var first = new AnswerMarks(3);
            String once = first.feed(answer) + first.end();
            var second = new AnswerMarks(3);
            String twice = second.feed(once) + second.end();

            assertThat(twice).as(answer).isEqualTo(once);
            assertThat(numbers(second)).as(answer).isEqualTo(numbers(first));
            assertThat(first.marks()).as(answer).allSatisfy(mark -> assertThat(mark.numbers())
                    .isNotEmpty()
                    .allSatisfy(number -> assertThat(number).isBetween(1, 3)));
        }
    }

    private static List<Integer> numbers(AnswerMarks marks) {
        return marks.marks().stream().flatMap(mark -> mark.numbers().stream()).toList();
    }

    private static List<String> cut(String text, Random random) {
        var pieces = new ArrayList<String>();
        for (int at = 0; at < text.length(); ) {
            int end = Math.min(text.length(), at + random.nextInt(1, 6));
            pieces.add(text.substring(at, end));
            at = end;
        }
        return pieces;
    }

    @Test
    void aHostileAnswerTakesNoLongerThanItsLength() {
        for (String hostile : List.of("[", " ", "(", "[1", "[1]", " [7],", "`", "[1, ", "【1", "\\[", "[7][")) {
            String answer = hostile.repeat(200_000 / hostile.length());
            long began = System.nanoTime();
            var marks = new AnswerMarks(3);
            for (int at = 0; at < answer.length(); at += 4) {
                marks.feed(answer.substring(at, Math.min(answer.length(), at + 4)));
            }
            marks.end();
            assertThat(System.nanoTime() - began).as(hostile).isLessThan(10_000_000_000L);
        }
    }
}
