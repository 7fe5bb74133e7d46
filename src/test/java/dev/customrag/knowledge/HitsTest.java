package dev.customrag.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HitsTest {

    private static final String TEXT = IntStream.range(0, 60)
            .mapToObj(i -> "Sentence number " + i + ".")
            .reduce("", (text, sentence) -> text + (text.isEmpty() ? "" : "\n\n") + sentence);

    private final UUID document = UUID.randomUUID();

    private Hit hit(UUID document, int ordinal, int start, int end, String gapBefore) {
        return hit(document, ordinal, start, end, TEXT.substring(start, end), gapBefore);
    }

    private Hit hit(UUID document, int ordinal, int start, int end, String text, String gapBefore) {
        var passage =
                new Passage(UUID.randomUUID(), document, "a.txt", 3, "Section", start, end, text, 1.0 / (1 + ordinal));
        return new Hit(passage, 0.8 - ordinal / 10.0, ordinal == 0 ? null : 2.0 * ordinal, ordinal, gapBefore);
    }

    private static List<Passage> results(List<Hit> bestFirst, int limit, int mostJoined) {
        return Hits.results(bestFirst, limit, mostJoined).stream()
                .map(ScoredPassage::passage)
                .toList();
    }

    @Test
    void theSameTextInTwoDocumentsIsOneHit() {
        Hit best = hit(document, 0, 0, 20, "The rent is 950 euros.", null);
        Hit copy = hit(UUID.randomUUID(), 4, 100, 120, "THE RENT is  950\neuros", null);
        Hit other = hit(UUID.randomUUID(), 4, 100, 120, "The rent is 960 euros.", null);

        assertThat(results(List.of(best, copy, other), 5, 3)).containsExactly(best.passage(), other.passage());
    }

    @Test
    void neighboursAreOneHitWithTheIdOfTheBetterOne() {
        Hit better = hit(document, 1, 40, 80, "");
        Hit before = hit(document, 0, 0, 50, null);
        Hit after = hit(document, 2, 82, 120, TEXT.substring(80, 82));

        assertThat(results(List.of(better, before, after), 5, 3))
                .containsExactly(new Passage(
                        better.passage().id(),
                        document,
                        "a.txt",
                        3,
                        "Section",
                        0,
                        120,
                        TEXT.substring(0, 120),
                        better.passage().score()));
    }

    @Test
    void neighboursHaveTheScoresOfTheBetterOne() {
        Hit better = hit(document, 1, 40, 80, "");
        Hit before = hit(document, 0, 0, 50, null);

        assertThat(Hits.results(List.of(better, before), 5, 3)).singleElement().satisfies(scored -> {
            assertThat(scored.similarity()).isEqualTo(better.similarity());
            assertThat(scored.relevance()).isEqualTo(better.relevance());
        });
        assertThat(Hits.results(List.of(before), 5, 3)).containsExactly(new ScoredPassage(before.passage(), 0.8, null));
    }

    @Test
    void noMoreAreJoinedThanConfigured() {
        List<Hit> hits =
                List.of(hit(document, 1, 40, 80, ""), hit(document, 0, 0, 50, null), hit(document, 2, 80, 120, ""));

        assertThat(results(hits, 5, 2)).extracting(Passage::start).containsExactly(0, 80);
        assertThat(results(hits, 5, 1)).hasSize(3);
    }

    @Test
    void passagesOfDifferentSectionsOrDocumentsStayApart() {
        Hit first = hit(document, 0, 0, 40, null);
        Hit nextSection = hit(document, 1, 40, 80, null);
        Hit elsewhere = hit(UUID.randomUUID(), 1, 80, 120, "");
        Hit furtherOn = hit(document, 3, 120, 160, "");

        assertThat(results(List.of(first, nextSection, elsewhere, furtherOn), 5, 3))
                .hasSize(4);
    }

    @Test
    void aNeighbourBeyondTheLimitIsNoHit() {
        Hit first = hit(document, 0, 0, 40, null);
        Hit second = hit(UUID.randomUUID(), 0, 200, 240, null);
        Hit third = hit(UUID.randomUUID(), 0, 300, 340, null);
        Hit neighbour = hit(document, 1, 40, 80, "");

        assertThat(results(List.of(first, second, third, neighbour), 2, 3))
                .containsExactly(first.passage(), second.passage());
        assertThat(results(List.of(first, neighbour, second, third), 2, 3))
                .extracting(Passage::end)
                .containsExactly(80, 240);
    }

    @Test
    void joinedTextIsTheTextBetweenItsOffsetsWhateverTheOrder() {
        var random = new Random(11);
        for (int round = 0; round < 200; round++) {
            List<Hit> hits = new ArrayList<>();
            int start = 0;
            int end = 0;
            for (int i = 0; i < 6; i++) {
                int next = i == 0 ? 0 : end + random.nextInt(-10, 5);
                start = Math.max(start + 1, next);
                hits.add(hit(document, i, start, start + 40 + random.nextInt(20), gap(end, start, i)));
                end = hits.getLast().passage().end();
            }
            java.util.Collections.shuffle(hits, random);

            for (Passage passage : results(hits, 3, 4)) {
                assertThat(passage.text()).isEqualTo(TEXT.substring(passage.start(), passage.end()));
            }
        }
    }

    private static String gap(int end, int start, int ordinal) {
        return ordinal == 0 ? null : TEXT.substring(Math.min(end, start), start);
    }
}
