package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TitlesTest {

    private static final String EIGHTY = "0123456789".repeat(8);

    @Test
    void aShortQuestionIsItsOwnTitleOnOneLine() {
        assertThat(Titles.ofQuestion("  How long is\n\tthe notice\u00a0period? "))
                .isEqualTo("How long is the notice period?");
        assertThat(Titles.ofQuestion(EIGHTY)).isEqualTo(EIGHTY);
    }

    @Test
    void aLongQuestionIsCutBetweenWords() {
        assertThat(Titles.ofQuestion("word ".repeat(40))).isEqualTo("word ".repeat(15) + "word…");
        assertThat(Titles.ofQuestion("Is " + "x".repeat(200))).isEqualTo("Is " + "x".repeat(76) + "…");
    }

    @Test
    void noCharacterIsCutInTwo() {
        assertThat(Titles.ofQuestion("😀".repeat(80))).isEqualTo("😀".repeat(80));
        assertThat(Titles.ofQuestion("😀".repeat(81))).isEqualTo("😀".repeat(79) + "…");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "Notice period of the lease|Notice period of the lease",
                "\"Notice period\"|Notice period",
                "„Kündigungsfrist der Wohnung“|Kündigungsfrist der Wohnung",
                "« Délai de préavis »|Délai de préavis",
                "「解約通知期間」|解約通知期間",
                "# Notice period|Notice period",
                "**Notice period**|Notice period",
                "**Title:** \"Notice period\"|Notice period",
                "Title: *Notice period*|Notice period",
                "TITEL: Kündigungsfrist|Kündigungsfrist",
                "Заголовок: Срок аренды|Срок аренды",
                "`Title`: Notice period|Notice period",
                "- Notice period|Notice period",
                "The meaning of \"force majeure\"|The meaning of \"force majeure\"",
                "\"Rent\" and \"deposit\"|\"Rent\" and \"deposit\"",
                "The column owner_id_of in C#|The column owner_id_of in C#",
                "Title deeds of the house|Title deeds of the house",
                "2 * 3 * 4|2 * 3 * 4"
            })
    void ofWhatAModelWritesTheTitleIsTaken(String written, String title) {
        assertThat(Titles.title(written + "\n")).contains(title);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " \n ",
                "\"\"",
                "**",
                "?!",
                "Title:",
                "Here is a title:\nNotice period",
                "See [the lease](https://example.org)",
                "<b>Notice period</b>",
                "Notice \u202Edoirep",
                "Broken \uD83D character"
            })
    void whatIsNoTitleIsNotTaken(String written) {
        assertThat(Titles.title(written)).isEmpty();
    }

    @Test
    void whatIsLongerThanATitleIsNone() {
        assertThat(Titles.title(EIGHTY)).contains(EIGHTY);
        assertThat(Titles.title(EIGHTY + "0")).isEmpty();
    }
}
