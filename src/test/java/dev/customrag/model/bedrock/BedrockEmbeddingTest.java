package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.VectorSpace;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@BesideOthers
class BedrockEmbeddingTest extends BedrockTestBase {

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final BedrockEmbedding titan = embedding(FakeBedrock.TITAN, 1024);

    private BedrockEmbedding embedding(String model, int dimensions) {
        return new BedrockEmbedding(new VectorSpace(model, dimensions), config, clients, metrics);
    }

    private double calls(String purpose, String outcome) {
        return metrics.get("model.embedding.calls").tags("purpose", purpose, "outcome", outcome).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void vectorsHaveTheAnnouncedLengthUnitNormAndTheOrderOfTheirTexts() {
        List<String> texts =
                IntStream.range(0, 40).mapToObj(i -> "passage number" + i).toList();

        List<float[]> vectors = titan.embedPassages(texts).vectors();

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
        List<float[]> passages = titan.embedPassages(
                        List.of("The shaft seal is replaced yearly.", "Founded in Rotterdam."))
                .vectors();

        assertThat(cosine(question, passages.get(0))).isGreaterThan(cosine(question, passages.get(1)));
    }

    @Test
    void aThrottledPassageIsTriedAgain() {
        bedrock.next(BedrockScript.throttle(), BedrockScript.throttle());

        assertThat(titan.embedPassages(List.of("one", "two")).vectors()).hasSize(2);
        assertThat(bedrock.requests("invoke")).hasSize(4);
        assertThat(calls("passage", "throttled")).isEqualTo(2);
        assertThat(calls("passage", "answered")).isEqualTo(2);
    }

    /** More refusals than any number of tries would bear, in all calls. */
    @Test
    void throttlingSlowsDownAndFailsNothing() {
        bedrock.next(Collections.nCopies(20, BedrockScript.throttle()).toArray(BedrockScript[]::new));
        var several =
                new BedrockEmbedding(titan.space(), config(Map.of("embedding-concurrency", "16")), clients, metrics);
        List<String> many = IntStream.range(0, 64).mapToObj(i -> "text " + i).toList();

        assertThat(several.embedPassages(many).vectors()).hasSize(64).doesNotContainNull();

        assertThat(bedrock.requests("invoke")).hasSize(84);
        assertThat(several.limit()).isLessThan(16);
        for (int i = 0; i < 10; i++) {
            several.embedPassages(many);
        }
        assertThat(several.limit()).isEqualTo(16);
    }

    @Test
    void whoWaitsForThrottlingToPassIsLetGoAtTheStop() {
        bedrock.always(BedrockScript.throttle());
        var stopping = embedding(FakeBedrock.TITAN, 1024);
        var ingestion = CompletableFuture.supplyAsync(() -> stopping.embedPassages(List.of("text")));
        bedrock.awaitRequest("invoke");

        stopping.close();

        assertThatThrownBy(ingestion::join)
                .hasCauseInstanceOf(ModelFailure.class)
                .hasRootCauseMessage("The embedding was interrupted.");
    }

    @Test
    void aFaultThatPassesIsTriedAgainAndOneThatDoesNotIsReported() {
        bedrock.next(BedrockScript.fault(), BedrockScript.unavailable());
        assertThat(titan.embedPassages(List.of("one")).vectors()).hasSize(1);

        bedrock.always(BedrockScript.unavailable());
        assertThatThrownBy(() -> titan.embedPassages(List.of("one")))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.UNAVAILABLE));
        assertThat(bedrock.requests("invoke")).hasSize(3 + 1 + config.maxRetries());
    }

    @ParameterizedTest
    @ValueSource(ints = {256, 512, 1024})
    void titanOffersThreeLengths(int dimensions) {
        assertThat(embedding(FakeBedrock.TITAN, dimensions)
                        .embedPassages(List.of("text"))
                        .vectors())
                .singleElement()
                .satisfies(vector -> assertThat(vector).hasSize(dimensions));
    }

    @ParameterizedTest
    @ValueSource(strings = {FakeBedrock.COHERE_ENGLISH, FakeBedrock.COHERE_MULTILINGUAL, FakeBedrock.COHERE_V4})
    void cohereTakesManyTextsInOneCallAndTellsPassagesFromQuestions(String model) {
        BedrockEmbedding cohere = embedding(model, 1024);
        List<String> texts =
                IntStream.range(0, 100).mapToObj(i -> "passage number" + i).toList();

        List<float[]> vectors = cohere.embedPassages(texts).vectors();

        assertThat(vectors).hasSize(100).allSatisfy(vector -> assertThat(cosine(vector, vector))
                .isCloseTo(1, within(1e-5)));
        assertThat(cohere.batchSize()).isEqualTo(96);
        assertThat(calls(model))
                .extracting(request -> request.body().getJsonArray("texts").size())
                .containsExactlyInAnyOrder(96, 4);
        assertThat(calls(model))
                .extracting(request -> request.body().getString("input_type"))
                .containsOnly("search_document");
        assertThat(cohere.embedQuestion(texts.get(37))).isEqualTo(vectors.get(37));
        assertThat(calls(model).getLast().body().getString("input_type")).isEqualTo("search_query");
    }

    /** Of this model: a call that another test let go of may arrive late. */
    private static List<BedrockRequest> calls(String model) {
        return bedrock.requests("invoke").stream()
                .filter(request -> request.modelId().equals(model))
                .toList();
    }

    @Test
    void tokensAreThoseThatBedrockCounted() {
        BedrockEmbedding titan = embedding(FakeBedrock.TITAN, 1024);
        BedrockEmbedding cohere = embedding(FakeBedrock.COHERE_V4, 1024);
        List<String> texts = Collections.nCopies(100, "twelve chars");

        assertThat(titan.embedPassages(texts).inputTokens()).isEqualTo(100 * FakeBedrock.tokens("twelve chars"));
        assertThat(titan.embedQuestions(List.of("one", "or another")).inputTokens())
                .isEqualTo(FakeBedrock.tokens("one") + FakeBedrock.tokens("or another"));
        assertThat(cohere.embedPassages(texts).inputTokens()).isEqualTo(100 * FakeBedrock.tokens("twelve chars"));
        assertThat(cohere.embedQuestions(List.of("one")).inputTokens()).isEqualTo(FakeBedrock.tokens("one"));
        assertThat(cohere.embedPassages(List.of()).inputTokens()).isZero();
    }

    @Test
    void whatIsTooLongForCohereIsCutAtItsEndNotInACharacter() {
        BedrockEmbedding cohere = embedding(FakeBedrock.COHERE_ENGLISH, 1024);

        assertThat(cohere.embedPassages(List.of("x".repeat(2047) + "🦔".repeat(10)))
                        .vectors())
                .hasSize(1);

        JsonObject body = bedrock.requests("invoke").getLast().body();
        assertThat(body.getJsonArray("texts").getString(0)).isEqualTo("x".repeat(2047));
        assertThat(body.getString("truncate")).isEqualTo("END");
    }

    @Test
    void aCallHoldsNoMoreCharactersThanCohereTakesAtOnce() {
        BedrockEmbedding cohere = embedding(FakeBedrock.COHERE_V4, 1536);

        assertThat(cohere.embedPassages(Collections.nCopies(40, "many words ".repeat(1800)))
                        .vectors())
                .hasSize(40)
                .allSatisfy(vector -> assertThat(vector).hasSize(1536));
        assertThat(bedrock.requests("invoke")).hasSize(3);
    }

    @Test
    void modelsAndLengthsThatBedrockDoesNotHaveAreUnknown() {
        for (var space : List.of(
                new VectorSpace("bge-small-en-v1.5-q", 384),
                new VectorSpace(FakeBedrock.TITAN, 384),
                new VectorSpace(FakeBedrock.COHERE_ENGLISH, 512),
                new VectorSpace("amazon.titan-embed-text-v1", 1536))) {
            assertThatThrownBy(() -> embedding(space.model(), space.dimensions()))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.UNKNOWN_MODEL));
        }
        assertThat(EmbeddingFormat.of("arn:aws:bedrock:eu-central-1:111122223333:application-inference-profile/abc"))
                .contains(new TitanFormat());
        assertThat(EmbeddingFormat.of("arn:aws:bedrock:eu-central-1::foundation-model/cohere.embed-english-v3"))
                .contains(CohereFormat.V3);
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
        assertThat(titan.embedPassages(many).vectors()).hasSize(200);
    }

    @Test
    void emptyAndOverlongTextsAreRefused() {
        for (String text : List.of("", "x".repeat(50_001))) {
            assertThatThrownBy(() -> titan.embedQuestion(text))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.REFUSED));
        }
        assertThat(titan.embedPassages(List.of()).vectors()).isEmpty();
    }

    @Test
    void aQuestionDoesNotWaitForPassages() {
        var narrow =
                new BedrockEmbedding(titan.space(), config(Map.of("embedding-concurrency", "1")), clients, metrics);
        bedrock.next(BedrockScript.silence());
        var ingestion = new FutureTask<>(() -> narrow.embedPassages(List.of("stuck", "waiting")));
        Thread worker = Thread.ofVirtual().start(ingestion);
        bedrock.awaitRequest("invoke");

        assertThat(narrow.embedQuestion("Is there room?")).hasSize(1024);
        assertThat(ingestion.isDone()).isFalse();
        worker.interrupt();
        assertThatThrownBy(ingestion::get).hasRootCauseMessage("The embedding was interrupted.");
    }

    @Test
    void silenceTimesOut() {
        var impatient =
                new BedrockClients(config(Map.of("embedding-timeout", "300ms")), credentials(FakeBedrock.SECRET_KEY));
        bedrock.always(BedrockScript.silence());

        assertThatThrownBy(() -> new BedrockEmbedding(
                                titan.space(), config(Map.of("embedding-timeout", "300ms")), impatient, metrics)
                        .embedQuestion("Hello?"))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.TIMEOUT));
        impatient.close();
    }

    private static double cosine(float[] a, float[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
    }
}
