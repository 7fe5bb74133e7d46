package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.BedrockRequest;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@BesideOthers
class BedrockCatalogTest extends BedrockTestBase {

    private static final BedrockScript.Refusal DENIED = (BedrockScript.Refusal) BedrockScript.deny();
    private static final String LITE = "amazon.nova-lite-v1:0";
    private static final String SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final List<String> HOME = List.of(FakeBedrock.REGION);
    private static final List<String> EUROPE = List.of(FakeBedrock.REGION, BedrockLists.OTHER_REGION);

    private Instant now = Instant.parse("2026-01-01T12:00:00Z");
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final BedrockCatalog catalog = catalog(Map.of());

    private BedrockCatalog catalog(Map<String, String> settings) {
        return new BedrockCatalog(config(settings), clients, () -> now, background::add);
    }

    private static ModelDescription chat(String id, String name, String maker, String base, List<String> regions) {
        return new ModelDescription(id, name, maker, ModelDescription.Kind.CHAT, "bedrock", true, base, regions);
    }

    @Test
    void listsAllThatAnswersInTextAndTheEmbeddingModel() {
        assertThat(catalog.models())
                .containsExactly(
                        chat("eu.amazon.nova-pro-v1:0", "EU Nova Pro", "Amazon", FakeBedrock.NOVA, EUROPE),
                        chat("global.amazon.nova-lite-v1:0", "Global Nova Lite", "Amazon", LITE, List.of("*")),
                        chat(LITE, "Nova Lite", "Amazon", null, HOME),
                        chat(FakeBedrock.NOVA, "Nova Pro", "Amazon", null, HOME),
                        chat(BedrockLists.DEPLOYMENT, "contracts-on-demand", "Amazon", LITE, HOME),
                        chat(BedrockLists.PROVISIONED, "contracts-reserved", "Amazon", LITE, HOME),
                        chat(BedrockLists.APPLICATION_PROFILE, "legal-team", "Amazon", LITE, HOME),
                        chat("eu." + SONNET, "EU Anthropic Claude Sonnet 4.5", "Anthropic", SONNET, EUROPE),
                        chat(BedrockLists.IMPORTED, "house-style", "Imported", null, HOME),
                        new ModelDescription(
                                FakeBedrock.TITAN,
                                "Titan Text Embeddings V2",
                                "Amazon",
                                ModelDescription.Kind.EMBEDDING,
                                "bedrock",
                                false,
                                null,
                                HOME));
    }

    @Test
    void allPagesAreRead() {
        catalog.models();

        assertThat(bedrock.requests("inference-profiles"))
                .extracting(BedrockRequest::query)
                .containsExactly(
                        "type=SYSTEM_DEFINED",
                        "nextToken=2&type=SYSTEM_DEFINED",
                        "nextToken=4&type=SYSTEM_DEFINED",
                        "type=APPLICATION");
        assertThat(bedrock.requests("model-customization/custom-model-deployments"))
                .hasSize(2);
        assertThat(bedrock.requests("provisioned-model-throughputs")).hasSize(2);
    }

    static Stream<Arguments> lists() {
        return Stream.of(
                Arguments.of(
                        "/inference-profiles",
                        List.of(
                                "eu.amazon.nova-pro-v1:0",
                                "global.amazon.nova-lite-v1:0",
                                "eu." + SONNET,
                                BedrockLists.APPLICATION_PROFILE)),
                Arguments.of("/imported-models", List.of(BedrockLists.IMPORTED)),
                Arguments.of("/custom-models", List.of(BedrockLists.DEPLOYMENT)),
                Arguments.of("/model-customization/custom-model-deployments", List.of(BedrockLists.DEPLOYMENT)),
                Arguments.of("/provisioned-model-throughputs", List.of(BedrockLists.PROVISIONED)));
    }

    @ParameterizedTest
    @MethodSource("lists")
    void aListThatMayNotBeReadTakesNoOtherDown(String path, List<String> lost) {
        List<String> all = ids(catalog(Map.of()));
        bedrock.lists().refuse(path, BedrockScript.deny());

        assertThat(ids(catalog(Map.of())))
                .containsExactlyElementsOf(
                        all.stream().filter(id -> !lost.contains(id)).toList());
    }

    @Test
    void aListThatMayNotBeReadIsAskedForAgain() {
        bedrock.lists().refuse("/imported-models", new BedrockScript.Refusal(404, "UnknownOperationException", ""));
        assertThat(ids(catalog)).doesNotContain(BedrockLists.IMPORTED);

        bedrock.lists().allow("/imported-models");
        now = now.plus(Duration.ofMinutes(6));
        renewed();
        assertThat(ids(catalog)).contains(BedrockLists.IMPORTED);
    }

    /** What passes is no reason to forget models for five minutes. */
    @Test
    void aListThatIsThrottledLeavesTheLastOnesInUse() {
        List<String> before = ids(catalog);
        bedrock.lists().refuse("/imported-models", BedrockScript.throttle());
        now = now.plus(Duration.ofMinutes(6));
        renewed();

        assertThat(ids(catalog)).isEqualTo(before);
        assertThatThrownBy(() -> catalog(Map.of()).models())
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.THROTTLED));
    }

    @ParameterizedTest
    @CsvSource({
        "*, 9",
        "amazon.*, 5",
        "amazon.nova-pro-v1:0, 1",
        "eu.*, 2",
        "*sonnet*, 1",
        "arn:aws:bedrock:*:imported-model/*, 1",
        "*.amazon.*, 2",
        "amazon.nova-lite-v1:?, 0",
        "nothing, 0"
    })
    void onlyAllowedChatModelsAreOnOffer(String pattern, int chatModels) {
        assertThat(catalog(Map.of("allowed-models", pattern)).models())
                .filteredOn(model -> model.kind() == ModelDescription.Kind.CHAT)
                .hasSize(chatModels);
    }

    /** Its id names no model; what leaves the Region has an id to be allowed by. */
    @Test
    void anArnIsAllowedByItsModelAndAProfileOfAwsIsNot() {
        assertThat(ids(catalog(Map.of("allowed-models", LITE))))
                .containsExactly(
                        LITE,
                        BedrockLists.DEPLOYMENT,
                        BedrockLists.PROVISIONED,
                        BedrockLists.APPLICATION_PROFILE,
                        FakeBedrock.TITAN);
    }

    @Test
    void whatIsNotAllowedIsToldFromWhatIsNotThere() {
        BedrockCatalog narrow = catalog(Map.of("allowed-models", "anthropic.*, eu.anthropic.*"));

        assertThat(narrow.chat("eu." + SONNET).foundationModel()).isEqualTo(SONNET);
        assertThatThrownBy(() -> narrow.chat(LITE))
                .isInstanceOf(ModelFailure.class)
                .hasMessage("The operator of this service does not allow this model."
                        + " GET /models lists those that may be used.");
        assertThatThrownBy(() -> narrow.chat("anthropic.claude-1"))
                .isInstanceOf(ModelFailure.class)
                .hasMessage("There is no such model in this account and region. GET /models lists what there is.");
    }

    @Test
    void aReachIsThatOfTheModelOrOfTheProfile() {
        assertThat(catalog.reach(FakeBedrock.NOVA)).contains(Reach.within(FakeBedrock.REGION));
        assertThat(catalog.reach("eu.amazon.nova-pro-v1:0").orElseThrow().regions())
                .containsExactlyElementsOf(EUROPE);
        assertThat(catalog.reach(FakeBedrock.COHERE_V4).orElseThrow().regions()).containsExactlyElementsOf(EUROPE);
        assertThat(catalog.reach("global.amazon.nova-lite-v1:0").orElseThrow().anywhere())
                .isTrue();
        assertThat(catalog.reach("arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.amazon.nova-pro-v1:0"))
                .isEqualTo(catalog.reach("eu.amazon.nova-pro-v1:0"));
        assertThat(catalog.reach("arn:aws:bedrock:eu-west-3:111122223333:provisioned-model/abc"))
                .contains(Reach.within("eu-west-3"));
        assertThat(catalog.reach("no.such-model-v1:0")).isEmpty();
        assertThat(catalog.reach("arn:aws:bedrock:eu-central-1:111122223333:default-prompt-router/x:1"))
                .isEmpty();
    }

    @Test
    void theListIsKeptForSomeMinutesAndRenewedWhileTheLastOneServes() {
        List<String> before = ids(catalog);
        now = now.plus(Duration.ofMinutes(4));
        assertThat(ids(catalog)).isEqualTo(before);
        assertThat(background).isEmpty();

        bedrock.lists().withdraw(LITE);
        now = now.plus(Duration.ofMinutes(2));
        assertThat(ids(catalog)).isEqualTo(before);
        assertThat(ids(catalog)).isEqualTo(before);
        assertThat(background).hasSize(1);
        renewed();
        assertThat(ids(catalog)).doesNotContain(LITE);
        assertThat(bedrock.requests("foundation-models")).hasSize(2);
    }

    @Test
    void anOldListServesWhileBedrockCannotBeAskedButNotForEver() {
        List<String> before = ids(catalog);
        bedrock.listsRefuse(Optional.of(DENIED));

        now = now.plus(Duration.ofHours(5));
        renewed();
        assertThat(ids(catalog)).isEqualTo(before);
        now = now.plus(Duration.ofHours(20));
        assertThatThrownBy(catalog::models)
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.DENIED));

        bedrock.listsRefuse(Optional.empty());
        now = now.plus(Duration.ofMinutes(1));
        assertThat(ids(catalog)).isEqualTo(before);
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

    private static List<String> ids(BedrockCatalog catalog) {
        return catalog.models().stream().map(ModelDescription::id).toList();
    }

    /** Asks, which begins a renewal where one is due, and lets it happen. */
    private void renewed() {
        catalog.models();
        while (!background.isEmpty()) {
            background.remove().run();
        }
    }
}
