package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.knowledge.Passage;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class CitationsTest {

    private static final Passage NOTICE = passage(
            "lease.pdf", 3, 1000, "The rent is due monthly. The notice period is three months. Pets are allowed.");
    private static final Passage DEPOSIT =
            passage("lease.pdf", 4, 2000, "A deposit of two rents is paid at the start.");

    private static Passage passage(String filename, Integer page, int start, String text) {
        return new Passage(
                UUID.randomUUID(), UUID.randomUUID(), filename, page, null, start, start + text.length(), text, 0.5);
    }

    @Test
    void quotesTheSentenceThatTheStatementRestsOn() {
        var citations =
                Citations.in("You can leave with a notice period of three months [1].", List.of(NOTICE, DEPOSIT));

        assertThat(citations)
                .containsExactly(new Citation(
                        1,
                        NOTICE.id(),
                        NOTICE.documentId(),
                        "lease.pdf",
                        3,
                        "The notice period is three months.",
                        1025,
                        1059));
    }

    @Test
    void numbersOfNoPassageCiteNothing() {
        assertThat(Citations.in("So it is [0]. And so [3], says [17] and [999].", List.of(NOTICE, DEPOSIT)))
                .isEmpty();
    }

    @Test
    void eachNumberIsListedOnceInOrderOfMention() {
        var citations = Citations.in(
                "The deposit is two rents [2]. The rent is due monthly [1]. Again the deposit [2].",
                List.of(NOTICE, DEPOSIT));

        assertThat(citations).extracting(Citation::number).containsExactly(2, 1);
        assertThat(citations)
                .extracting(Citation::quote)
                .containsExactly("A deposit of two rents is paid at the start.", "The rent is due monthly.");
    }

    @Test
    void groupedNumbersCountEach() {
        assertThat(Citations.in("Both say so [1, 2].", List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::number)
                .containsExactly(1, 2);
    }

    @Test
    void aMarkdownLinkIsNoCitation() {
        assertThat(Citations.in("See [1](https://example.org).", List.of(NOTICE)))
                .isEmpty();
    }

    @Test
    void aStatementWithoutCommonWordsQuotesTheWholePassage() {
        var citations = Citations.in("Ja [2].", List.of(NOTICE, DEPOSIT));

        assertThat(citations).singleElement().satisfies(citation -> {
            assertThat(citation.quote()).isEqualTo(DEPOSIT.text());
            assertThat(citation.start()).isEqualTo(2000);
            assertThat(citation.end()).isEqualTo(2000 + DEPOSIT.text().length());
        });
    }

    @Test
    void sourcesCarryTheWholePassagesNumberedFromOne() {
        assertThat(Citations.sources(List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::number, Citation::quote)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, NOTICE.text()),
                        org.assertj.core.groups.Tuple.tuple(2, DEPOSIT.text()));
    }
}
