package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.VectorSpace;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@BesideOthers
class BedrockModelsTest extends BedrockTestBase {

    private static final BedrockScript.Refusal DENIED = (BedrockScript.Refusal) BedrockScript.deny();

    private final BedrockModels models =
            new BedrockModels(config, clients, new SimpleMeterRegistry(), Clock.systemUTC());

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

        assertThat(provisioned.chatModel(arn)).isSameAs(provisioned.chatModel(arn));
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

    @Test
    void theConfiguredChatModelHasToBeAllowed() {
        assertThatThrownBy(() -> configured("allowed-models", "anthropic.*,eu.*"))
                .hasMessage("model.bedrock.chat-model is 'amazon.nova-pro-v1:0', which model.bedrock.allowed-models"
                        + " does not allow. Add it there, or set another.");
    }

    @Test
    void whatIsNotAllowedIsUnknownWhetherOrNotTheListCanBeRead() {
        var narrow = configured("allowed-models", FakeBedrock.NOVA);
        for (var refusal : List.of(Optional.<BedrockScript.Refusal>empty(), Optional.of(DENIED))) {
            bedrock.listsRefuse(refusal);
            var models = configured("allowed-models", FakeBedrock.NOVA);
            assertThatThrownBy(() -> models.chatModel("amazon.nova-lite-v1:0"))
                    .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                            .isEqualTo(Kind.UNKNOWN_MODEL))
                    .hasMessageContaining("does not allow");
        }
        assertThat(narrow.chatModel(FakeBedrock.NOVA)).isNotNull();
    }

    /** A model object that was given once does not outlive the model. */
    @Test
    void aModelThatIsGoneIsUnknownFromThenOn() {
        var models = configured("catalog-age", "1ms");
        models.chatModel("amazon.nova-lite-v1:0");

        bedrock.lists().withdraw("amazon.nova-lite-v1:0");

        Awaitility.await().untilAsserted(() -> assertThatThrownBy(() -> models.chatModel("amazon.nova-lite-v1:0"))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.UNKNOWN_MODEL)));
        assertThatThrownBy(() -> models.check("amazon.nova-lite-v1:0")).isInstanceOf(ModelFailure.class);
    }

    private static BedrockModels configured(String key, String value) {
        return new BedrockModels(config(Map.of(key, value)), clients, new SimpleMeterRegistry(), Clock.systemUTC());
    }
}
