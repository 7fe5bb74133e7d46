package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TitanEmbeddingTest extends BedrockTestBase {

    private final TitanEmbedding titan = new TitanEmbedding(config, clients);

    @Test
    void vectorsHaveTheAnnouncedLengthUnitNormAndTheOrderOfTheirTexts() {
        List<String> texts =
                IntStream.range(0, 40).mapToObj(i -> "passage number" + i).toList();

        List<float[]> vectors = titan.embedPassages(texts);

        assertThat(vectors).hasSize(40).allSatisfy(vector -> {
            assertThat(vector).hasSize(1024).hasSize(titan.dimensions());
            assertThat(cosine(vector, vector)).isCloseTo(1, within(1e-5));
        });
        for (int i = 0; i < texts.size(); i++) {
            assertThat(vectors.get(i)).isEqualTo(titan.embedQuestion(texts.get(i)));
        }
    }

    @Test
    void eachTextIsOneRequestInTheFormatOfTitan() {
        titan.embedPassages(List.of("größer", "kleiner"));

        assertThat(bedrock.requests("invoke"))
                .extracting(BedrockRequest::modelId)
                .containsOnly(FakeBedrock.TITAN);
        assertThat(bedrock.requests("invoke"))
                .extracting(request -> request.body().getString("inputText"))
                .containsExactlyInAnyOrder("größer", "kleiner");
        assertThat(bedrock.requests("invoke").getFirst().body().getMap())
                .containsEntry("dimensions", 1024)
                .containsEntry("normalize", true)
                .hasSize(3);
    }

    @Test
    void textsThatShareWordsAreClose() {
        float[] question = titan.embedQuestion("When is the shaft seal replaced?");
        List<float[]> passages =
                titan.embedPassages(List.of("The shaft seal is replaced yearly.", "Founded in Rotterdam."));

        assertThat(cosine(question, passages.get(0))).isGreaterThan(cosine(question, passages.get(1)));
    }

    @Test
    void aThrottledPassageIsTriedAgain() {
        bedrock.next(BedrockScript.throttle(), BedrockScript.throttle());

        assertThat(titan.embedPassages(List.of("one", "two"))).hasSize(2);
        assertThat(bedrock.requests("invoke")).hasSize(4);
    }

    @Test
    void aFailureEndsTheBatchAndLeavesTheNextOneItsCalls() {
        bedrock.always(BedrockScript.deny());
        List<String> many = IntStream.range(0, 200).mapToObj(i -> "text " + i).toList();

        assertThatThrownBy(() -> titan.embedPassages(many))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.DENIED));
        assertThat(bedrock.requests("invoke")).hasSizeLessThan(100);

        bedrock.reset();
        assertThat(titan.embedPassages(many)).hasSize(200);
    }

    @Test
    void emptyAndOverlongTextsAreRefused() {
        for (String text : List.of("", "x".repeat(50_001))) {
            assertThatThrownBy(() -> titan.embedQuestion(text))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.REFUSED));
        }
        assertThat(titan.embedPassages(List.of())).isEmpty();
    }

    @Test
    void aQuestionDoesNotWaitForPassages() {
        var narrow = new TitanEmbedding(config(Map.of("embedding-concurrency", "1")), clients);
        bedrock.next(BedrockScript.silence());
        Thread ingestion = Thread.ofVirtual().start(() -> narrow.embedPassages(List.of("stuck", "waiting")));
        bedrock.awaitRequest("invoke");

        assertThat(narrow.embedQuestion("Is there room?")).hasSize(1024);
        assertThat(ingestion.isAlive()).isTrue();
        ingestion.interrupt();
    }

    @Test
    void silenceTimesOut() {
        var impatient =
                new BedrockClients(config(Map.of("read-timeout", "300ms")), credentials(FakeBedrock.SECRET_KEY));
        bedrock.always(BedrockScript.silence());

        assertThatThrownBy(() ->
                        new TitanEmbedding(config(Map.of("read-timeout", "300ms")), impatient).embedQuestion("Hello?"))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.TIMEOUT));
        impatient.close();
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
