package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.customrag.chat.Citation.State;
import dev.customrag.knowledge.Passage;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CitationsTest {

    private static final Passage NOTICE = passage(
            "lease.pdf", 3, 1000, "The rent is due monthly. The notice period is three months. Pets are allowed.");
    private static final Passage DEPOSIT =
            passage("lease.pdf", 4, 2000, "A deposit of two rents is paid at the start.");

    private static Passage passage(String filename, Integer page, int start, String text) {
        return new Passage(
                UUID.randomUUID(), UUID.randomUUID(), filename, page, "Terms", start, start + text.length(), text, 0.5);
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
                        1059,
                        "Terms",
                        State.VERIFIED));
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
            assertThat(citation.state()).isEqualTo(State.WEAK);
            assertThat(citation.quote()).isEqualTo(DEPOSIT.text());
            assertThat(citation.start()).isEqualTo(2000);
            assertThat(citation.end()).isEqualTo(2000 + DEPOSIT.text().length());
        });
    }

    /** What the answer says of source 1, the state, and what is quoted of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            The rent is 950 euros [1].                             | VERIFIED | The rent is 950 euros a month, due on the third working day.
            You pay rent of 950 euros every month [1].             | VERIFIED | The rent is 950 euros a month, due on the third working day.
            The rent is 960 euros [1].                             | WEAK     | The rent is 950 euros a month, due on the third working day.
            Maria Lopez is the landlord [1].                       | VERIFIED | The landlord, Maria Lopez, lives in Girona.
            Mario Lopez is the landlord [1].                       | WEAK     | The landlord, Maria Lopez, lives in Girona.
            Peter Lopez is the landlord [1].                       | WEAK     | The landlord, Maria Lopez, lives in Girona.
            The notice period is 3 months [1].                     | VERIFIED | Notice is given three months ahead, to the end of a month.
            The notice period is four months [1].                  | WEAK     | Notice is given three months ahead, to the end of a month.
            The deposit of 1,900.00 euros is returned [1].         | VERIFIED | A deposit of 1900 euros is paid at the start. It is returned at the end.
            It says “due on the third working day” [1].            | VERIFIED | due on the third working day
            It says "due on the THIRD  working day." [1].          | VERIFIED | due on the third working day.
            It says «due on the fourth working day» [1].           | MISSING  | The rent is 950 euros a month, due on the third working day.
            It says “A deposit … is returned at the end” [1].      | VERIFIED | A deposit of 1900 euros is paid at the start. It is returned at the end
            It says “is returned at the end … A deposit” [1].      | MISSING  | A deposit of 1900 euros is paid at the start. It is returned at the end.
            “It is returned at the end. No pets.” [1]              | MISSING  | It is returned at the end.
            “It is returned at the end. No dogs.” [1]              | VERIFIED | It is returned at the end. No dogs.
            The “rent” is 950 euros [1].                           | VERIFIED | The rent is 950 euros a month, due on the third working day.
            Crocodiles enjoy swimming in warm rivers [1].          | MISSING  | *
            Die Katze schläft auf dem Sofa und träumt [1].         | WEAK     | *
            Die Miete beträgt 950 Euro [1].                        | WEAK     | The rent is 950 euros a month, due on the third working day.
            According to lease.pdf, dogs are not allowed: no dogs [1]. | VERIFIED | No dogs.
            Under [1], the rent is 950 euros a month.              | VERIFIED | The rent is 950 euros a month, due on the third working day.
            """)
    void aStatementIsJudgedByWhatThePassageSays(String answer, State state, String quote) {
        Passage passage = passage("lease.pdf", 3, 1000, """
                The rent is 950 euros a month, due on the
                third working day. A deposit of 1900 euros is paid at the start. It is returned at the end. No dogs.
                The landlord, Maria Lopez, lives in Girona. Notice is given three months ahead, to the end of a month.""");

        Citation citation = Citations.in(answer, List.of(passage)).getFirst();

        assertThat(citation.state()).isEqualTo(state);
        assertThat(citation.quote().replace('\n', ' '))
                .isEqualTo(quote.equals("*") ? passage.text().replace('\n', ' ') : quote);
        assertThat(citation.quote())
                .isEqualTo(passage.text().substring(citation.start() - 1000, citation.end() - 1000));
    }

    @Test
    void aNumberIsAsGoodAsTheWorstStatementThatCitesIt() {
        var citations = Citations.in(
                "The notice period is three months [1]. The rent is due daily at noon [1]. Pets are allowed [1].",
                List.of(NOTICE));

        assertThat(citations).singleElement().satisfies(citation -> {
            assertThat(citation.state()).isEqualTo(State.WEAK);
            assertThat(citation.quote()).isEqualTo("The rent is due monthly.");
        });
    }

    @Test
    void passagesCitedTogetherSupportAStatementTogether() {
        assertThat(Citations.in(
                        "The notice period is three months and a deposit of two rents is paid [1][2].",
                        List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::state)
                .containsExactly(State.VERIFIED, State.VERIFIED);
        assertThat(Citations.in(
                        "The notice period is three months and Peter inherits the villa in Rome [1][2].",
                        List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::state)
                .containsExactly(State.WEAK, State.MISSING);
    }

    @Test
    void aQuotationBelongsToThePassageItStandsIn() {
        assertThat(Citations.in(
                        "They agreed on “the notice period is three months” and “a deposit of two rents” [1, 2].",
                        List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::quote, Citation::state)
                .containsExactly(
                        tuple("The notice period is three months", State.VERIFIED),
                        tuple("A deposit of two rents", State.VERIFIED));
        assertThat(Citations.in("It says “a deposit of two rents” [1].", List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::state)
                .containsExactly(State.MISSING);
    }

    @Test
    void eachClauseAndListItemIsAStatementOfItsOwn() {
        String answer = """
                - **Notice**: three months notice period [1]
                - **Deposit**: two rents, paid at the start [2]

                Pets are allowed [1], and the deposit is two rents [2].
                """;

        assertThat(Citations.in(answer, List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::number, Citation::state)
                .containsExactly(tuple(1, State.VERIFIED), tuple(2, State.VERIFIED));
    }

    @Test
    void sourcesListedAtTheEndAreJudgedByWhatIsSaidBefore() {
        assertThat(Citations.in("The notice period is three months.\n\nSource: [1]", List.of(NOTICE)))
                .extracting(Citation::quote, Citation::state)
                .containsExactly(tuple("The notice period is three months.", State.VERIFIED));
    }

    @Test
    void marksInCodeCiteNothing() {
        assertThat(Citations.in("Use `rent[1]`.\n\n```\nrent[1]\n```\n", List.of(NOTICE)))
                .isEmpty();
    }

    @Test
    void otherLanguagesAreJudgedByTheSameRule() {
        Passage german = passage("Mietvertrag.pdf", 2, 0, """
                Die Miete beträgt 1.950,50 Euro. Die Kündigungsfrist beträgt drei Monate zum Ende eines Monats.""");
        Passage french = passage("bail.pdf", 2, 0, "Le loyer est de 950 euros. Le préavis est de trois mois.");
        Passage japanese = passage("契約書.pdf", 1, 0, "家賃は月額九万円です。解約の予告期間は三か月です。");

        assertThat(states("Die Kündigungsfrist beträgt 3 Monate [1].", german)).containsExactly(State.VERIFIED);
        assertThat(states("Die Miete beträgt 1950.5 Euro [1].", german)).containsExactly(State.VERIFIED);
        assertThat(states("Die Miete beträgt 1950 Euro [1].", german)).containsExactly(State.WEAK);
        assertThat(states("Le préavis est de « trois mois » [1].", french)).containsExactly(State.VERIFIED);
        assertThat(states("Il est dit « le loyer est de 900 euros » [1].", french))
                .containsExactly(State.MISSING);
        assertThat(states("解約の予告期間は三か月です【1】。", japanese)).containsExactly(State.VERIFIED);
        assertThat(states("「予告期間は三か月です」とあります[1]。", japanese)).containsExactly(State.VERIFIED);
        assertThat(states("「予告期間は五か月です」とあります[1]。", japanese)).containsExactly(State.MISSING);
    }

    private static List<State> states(String answer, Passage passage) {
        return Citations.in(answer, List.of(passage)).stream()
                .map(Citation::state)
                .toList();
    }

    @Test
    void whateverIsSaidQuotesAreTextOfTheirPassage() {
        String[] parts = {
            "[1]",
            "[2]",
            "[1, 2]",
            " ",
            "“",
            "”",
            "\"",
            "«",
            "»",
            "The notice period",
            "three months",
            "4",
            "😀",
            ". ",
            "\n",
            "…",
            "「",
            "」",
            "- ",
            "`",
            "deposit of two rents",
            "!",
            "(",
            ")",
            "家賃は月額",
            "\u0301"
        };
        var random = new Random(3);
        for (int round = 0; round < 3_000; round++) {
            String answer = text(parts, random);
            Passage first = passage("a.txt", 1, 100, text(parts, random));
            Passage second = passage("b.txt", null, 0, NOTICE.text());

            for (Citation citation : Citations.in(answer, List.of(first, second))) {
                Passage passage = citation.number() == 1 ? first : second;
                assertThat(citation.quote())
                        .as(answer)
                        .isEqualTo(passage.text()
                                .substring(citation.start() - passage.start(), citation.end() - passage.start()));
                assertThat(citation.state()).as(answer).isNotNull();
            }
        }
    }

    private static String text(String[] parts, Random random) {
        return IntStream.range(0, random.nextInt(1, 20))
                .mapToObj(i -> parts[random.nextInt(parts.length)])
                .collect(Collectors.joining());
    }

    @Test
    void sourcesCarryTheWholePassagesNumberedFromOne() {
        assertThat(Citations.sources(List.of(NOTICE, DEPOSIT)))
                .extracting(Citation::number, Citation::quote, Citation::state)
                .containsExactly(tuple(1, NOTICE.text(), null), tuple(2, DEPOSIT.text(), null));
    }
}
