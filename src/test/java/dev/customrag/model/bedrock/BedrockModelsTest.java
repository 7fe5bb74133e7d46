package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.VectorSpace;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BedrockModelsTest extends BedrockTestBase {

    private static final BedrockScript.Refusal DENIED = (BedrockScript.Refusal) BedrockScript.deny();

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final BedrockCatalog catalog = new BedrockCatalog(config, clients, () -> now);
    private final BedrockModels models =
            new BedrockModels(config, clients, new SimpleMeterRegistry(), Clock.systemUTC());

    @Test
    void listsWhatAnswersInTextOnDemandOrThroughAProfileAndTheEmbeddingModel() {
        assertThat(models.models())
                .containsExactly(
                        chat("eu.amazon.nova-pro-v1:0", "EU Nova Pro", "Amazon"),
                        chat("global.amazon.nova-lite-v1:0", "Global Nova Lite", "Amazon"),
                        chat("amazon.nova-lite-v1:0", "Nova Lite", "Amazon"),
                        chat("amazon.nova-pro-v1:0", "Nova Pro", "Amazon"),
                        chat(
                                "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
                                "EU Anthropic Claude Sonnet 4.5",
                                "Anthropic"),
                        new ModelDescription(
                                FakeBedrock.TITAN,
                                "Titan Text Embeddings V2",
                                "Amazon",
                                ModelDescription.Kind.EMBEDDING,
                                "bedrock",
                                false));
    }

    @Test
    void allPagesOfProfilesAreRead() {
        catalog.models();

        assertThat(bedrock.requests("inference-profiles"))
                .extracting(BedrockRequest::query)
                .containsExactly(null, "nextToken=2", "nextToken=4");
    }

    @Test
    void theListIsKeptForSomeMinutes() {
        catalog.models();
        now = now.plus(Duration.ofMinutes(4));
        catalog.models();
        assertThat(bedrock.requests("foundation-models")).hasSize(1);

        now = now.plus(Duration.ofMinutes(2));
        catalog.models();
        assertThat(bedrock.requests("foundation-models")).hasSize(2);
    }

    @Test
    void anOldListServesWhileBedrockCannotBeAskedButNotForEver() {
        var before = catalog.models();
        bedrock.listsRefuse(Optional.of(DENIED));

        now = now.plus(Duration.ofHours(5));
        assertThat(catalog.models()).isEqualTo(before);
        now = now.plus(Duration.ofHours(20));
        assertThatThrownBy(catalog::models)
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.DENIED));

        bedrock.listsRefuse(Optional.empty());
        now = now.plus(Duration.ofMinutes(1));
        assertThat(catalog.models()).isEqualTo(before);
    }

    @Test
    void afterAFailureBedrockIsLeftAloneForAWhile() {
        bedrock.listsRefuse(Optional.of(DENIED));
        for (int i = 0; i < 5; i++) {
            assertThatThrownBy(catalog::models).isInstanceOf(ModelFailure.class);
        }
        assertThat(bedrock.requests("foundation-models")).hasSize(1);

        now = now.plus(Duration.ofSeconds(31));
        assertThatThrownBy(catalog::models).isInstanceOf(ModelFailure.class);
        assertThat(bedrock.requests("foundation-models")).hasSize(2);
    }

    @Test
    void aModelOfTheListIsGivenOnceAndAgain() {
        assertThat(models.chatModel("amazon.nova-lite-v1:0")).isSameAs(models.chatModel("amazon.nova-lite-v1:0"));
        assertThat(models.chatModel(models.defaultChatModelId())).isSameAs(models.chatModel(FakeBedrock.NOVA));
    }

    @Test
    void whatIsNotListedOrDoesNotChatIsUnknown() {
        for (String id : new String[] {"no.such-model-v1:0", "", FakeBedrock.TITAN, "stability.sd3-large-v1:0"}) {
            assertThatThrownBy(() -> models.chatModel(id))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.UNKNOWN_MODEL));
        }
    }

    @Test
    void theConfiguredModelNeedsNoList() {
        bedrock.listsRefuse(Optional.of(DENIED));
        String arn = "arn:aws:bedrock:eu-central-1:111122223333:provisioned-model/abc";
        var provisioned = new BedrockModels(
                config(Map.of("chat-model", arn)), clients, new SimpleMeterRegistry(), Clock.systemUTC());

        assertThat(provisioned.chatModel(arn)).isNotNull();
        assertThat(bedrock.requests()).isEmpty();
    }

    @Test
    void whileTheListCannotBeReadBedrockItselfJudgesIds() {
        bedrock.listsRefuse(Optional.of(DENIED));
        var heard = new HeardAnswer();
        var refused = new HeardAnswer();

        models.chatModel("amazon.nova-lite-v1:0").chat("Hello", heard);
        models.chatModel("no.such-model-v1:0").chat("Hello", refused);

        assertThat(heard.complete().aiMessage().text()).isEqualTo("You asked: Hello");
        assertThat(refused.failure(ModelFailure.class).kind()).isEqualTo(Kind.UNKNOWN_MODEL);
    }

    private static ModelDescription chat(String id, String name, String maker) {
        return new ModelDescription(id, name, maker, ModelDescription.Kind.CHAT, "bedrock", true);
    }

    @Test
    void anOlderEmbeddingModelIsAnotherObjectAndTheConfiguredOneItself() {
        var half = new VectorSpace(FakeBedrock.TITAN, 512);

        assertThat(models.embedding(models.embedding().space())).isSameAs(models.embedding());
        assertThat(models.embedding(half)).isSameAs(models.embedding(half));
        assertThat(models.embedding(half).embedQuestion("Hello?")).hasSize(512);
        assertThatThrownBy(() -> models.embedding(new VectorSpace("bge-small-en-v1.5-q", 384)))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.UNKNOWN_MODEL));
    }

    @Test
    void anEmbeddingModelThatCannotWorkIsRefusedByNameAndLength() {
        assertThatThrownBy(() -> configured("embedding-model", "amazon.titan-embed-text-v1"))
                .hasMessageContaining("model.bedrock.embedding-model")
                .hasMessageContaining("cohere.embed-v4:0");
        assertThatThrownBy(() -> configured("embedding-dimensions", "1536"))
                .hasMessage("model.bedrock.embedding-dimensions is 1536, but this model offers [256, 512, 1024].");
    }

    private static BedrockModels configured(String key, String value) {
        return new BedrockModels(config(Map.of(key, value)), clients, new SimpleMeterRegistry(), Clock.systemUTC());
    }
}
