package dev.customrag.model.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.customrag.model.ModelFailure;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LocalEmbeddingTest {

    private static LocalEmbedding embedding;

    record Lanes(Optional<Integer> passageThreads, int questionThreads) implements LocalConfig {

        Lanes(int passageThreads, int questionThreads) {
            this(Optional.of(passageThreads), questionThreads);
        }
    }

    @BeforeAll
    static void load() {
        embedding = new LocalEmbedding(new Lanes(1, 2));
    }

    @AfterAll
    static void close() {
        embedding.close();
    }

    @Test
    void vectorsHaveTheAnnouncedLengthAndUnitNorm() {
        List<float[]> vectors = embedding
                .embedPassages(List.of("A short passage.", "word ".repeat(2_000)))
                .vectors();

        assertThat(vectors).allSatisfy(vector -> {
            assertThat(vector).hasSize(embedding.dimensions());
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
        });
        assertThat(embedding.embedQuestion("Why?")).hasSize(384);
    }

    @Test
    void tokensAreThoseOfItsTokenizer() {
        assertThat(embedding.embedPassages(List.of("A short passage.")).inputTokens())
                .isEqualTo(4);
        assertThat(embedding.embedPassages(List.of("A short passage.", "Why?")).inputTokens())
                .isEqualTo(6);
        assertThat(embedding.embedQuestions(List.of("Why?")).inputTokens()).isGreaterThan(2);
    }

    @Test
    void vectorsComeInTheOrderOfTheirTexts() {
        List<String> texts =
                IntStream.range(0, 20).mapToObj(i -> "Passage number " + i).toList();

        List<float[]> together = embedding.embedPassages(texts).vectors();

        assertThat(together).hasSize(20);
        assertThat(together.get(13))
                .isEqualTo(embedding
                        .embedPassages(List.of(texts.get(13)))
                        .vectors()
                        .getFirst());
        assertThat(embedding.embedPassages(List.of()).vectors()).isEmpty();
    }

    @Test
    void aQuestionIsEmbeddedWithTheInstructionOfTheModel() {
        String text = "How long may a seal be used?";
        String instructed = "Represent this sentence for searching relevant passages: " + text;

        assertThat(embedding.embedQuestion(text))
                .isEqualTo(
                        embedding.embedPassages(List.of(instructed)).vectors().getFirst())
                .isNotEqualTo(embedding.embedPassages(List.of(text)).vectors().getFirst());
    }

    @Test
    void aQuestionIsCloserToItsAnswerThanToAnotherPassage() {
        float[] question = embedding.embedQuestion("How often must the seal be changed?");
        List<float[]> passages = embedding
                .embedPassages(List.of(
                        "Replace the shaft seal every 4,000 operating hours.", "The company was founded in Rotterdam."))
                .vectors();

        assertThat(cosine(question, passages.get(0))).isGreaterThan(cosine(question, passages.get(1)) + 0.2);
    }

    @Test
    void aLargeIngestionDelaysNoQuestion() {
        embedding.embedQuestion("Warm?");
        var ingestion = CompletableFuture.runAsync(
                () -> embedding.embedPassages(Collections.nCopies(80, "A passage of many words. ".repeat(30))));

        embedding.embedQuestion("How long do I wait?");

        assertThat(ingestion).isNotDone();
        ingestion.join();
    }

    @Test
    void emptyTextIsRefused() {
        assertThatThrownBy(() -> embedding.embedPassages(List.of("text", " \n")))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(ModelFailure.Kind.REFUSED));
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
