package dev.customrag.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.knowledge.SearchTexts.Weighted;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SearchTextsTest {

    @Test
    void aQuestionAloneIsSearchedForAsItIs() {
        assertThat(SearchTexts.of("How long is the notice?"))
                .isEqualTo(new SearchTexts(
                        List.of("How long is the notice?"), List.of(new Weighted("How long is the notice?", 1))));
    }

    @Test
    void earlierTurnsCountLessTheEarlierTheyAre() {
        var earlier = List.of(new Turn("Who lets the flat?", "Ada."), new Turn("What is the rent?", "950 euros."));

        SearchTexts texts = SearchTexts.of("And the deposit?", earlier);

        assertThat(texts.forVectors()).containsExactly("And the deposit?", "What is the rent?\nAnd the deposit?");
        assertThat(texts.forWords())
                .containsExactly(
                        new Weighted("And the deposit?", 1),
                        new Weighted("What is the rent?", 0.5),
                        new Weighted("Who lets the flat?", 0.25),
                        new Weighted("950 euros.", 0.125));
    }

    @Test
    void longConversationsAndTextsAreCut() {
        String longText = "x".repeat(1_999) + "🦔".repeat(2_000);
        List<Turn> earlier = IntStream.range(0, 50)
                .mapToObj(i -> new Turn(longText, longText))
                .toList();

        SearchTexts texts = SearchTexts.of(longText, earlier);

        assertThat(texts.forWords()).hasSize(7).extracting(Weighted::text).containsOnly("x".repeat(1_999));
        assertThat(texts.forVectors()).extracting(String::length).containsExactly(1_999, 3_999);
    }
}
