package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.ModelProvider;
import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@BesideOthers
class ModelAccessTest extends BedrockTestBase {

    private static final String SONNET = "anthropic.claude-sonnet-4-5-20250929-v1:0";
    private static final String LITE = "amazon.nova-lite-v1:0";
    private static final String CALL = "foundation-model-availability/";

    private final MovableClock clock = new MovableClock(Instant.parse("2026-01-01T12:00:00Z"));
    private final Queue<Runnable> background = new ArrayDeque<>();
    private final ModelAccess access = new ModelAccess(clients, clock, background::add);
    private final BedrockCatalog catalog = new BedrockCatalog(config, clients, clock, background::add);

    @ParameterizedTest
    @CsvSource({
        "authorizationStatus, is not authorized to use this model",
        "entitlementAvailability, was never given access to this model",
        "agreementAvailability, has not accepted the terms of this model"
    })
    void whatTheAccountLacksIsSaidWithWhatToDo(String what, String words) {
        bedrock.lists().lacks(LITE, what);

        assertThatThrownBy(() -> access.check(catalog.chat(LITE)))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.DENIED))
                .hasMessageContaining(words)
                .hasMessageContaining("operator has to");
    }

    @Test
    void aModelOfAnotherRegionIsUnknownUnlessAProfileLeadsThere() {
        bedrock.lists().lacks(FakeBedrock.NOVA, "regionAvailability");

        assertThatThrownBy(() -> access.check(catalog.chat(FakeBedrock.NOVA)))
                .isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                        .isEqualTo(Kind.UNKNOWN_MODEL));
        assertThatCode(() -> access.check(catalog.chat("eu." + FakeBedrock.NOVA)))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu.amazon.nova-pro-v1:0", FakeBedrock.NOVA})
    void aProfileIsAskedAboutByItsModel(String id) {
        access.check(catalog.chat(id));

        assertThat(bedrock.requests(CALL + FakeBedrock.NOVA.replace(":", "%3A")))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404, 429, 500})
    void whereItCannotBeFoundOutNothingIsSaid(int status) {
        bedrock.lists().refuse("/" + CALL, new BedrockScript.Refusal(status, "SomeException", ""));

        assertThatCode(() -> access.check(catalog.chat(LITE))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"imported", "deployment", "provisioned"})
    void whatTheAccountMadeItselfIsNotAskedAbout(String kind) {
        bedrock.lists().lacks(LITE, "authorizationStatus");
        String id =
                switch (kind) {
                    case "imported" -> BedrockLists.IMPORTED;
                    case "deployment" -> BedrockLists.DEPLOYMENT;
                    default -> BedrockLists.PROVISIONED;
                };

        assertThatCode(() -> access.check(catalog.chat(id))).doesNotThrowAnyException();
        assertThatThrownBy(() -> access.check(catalog.chat(BedrockLists.APPLICATION_PROFILE)))
                .isInstanceOf(ModelFailure.class);
    }

    @Test
    void aGrantIsRememberedForLongAndARefusalShortly() {
        Offer lite = catalog.chat(LITE);
        bedrock.lists().lacks(LITE, "entitlementAvailability");
        assertThatThrownBy(() -> access.check(lite)).isInstanceOf(ModelFailure.class);
        bedrock.lists().grant(LITE);
        assertThatThrownBy(() -> access.check(lite)).isInstanceOf(ModelFailure.class);

        clock.pass(Duration.ofSeconds(31));
        access.check(lite);
        bedrock.lists().lacks(LITE, "entitlementAvailability");
        clock.pass(Duration.ofMinutes(9));
        access.check(lite);
        clock.pass(Duration.ofMinutes(2));
        assertThatThrownBy(() -> access.check(lite)).isInstanceOf(ModelFailure.class);
    }

    @Test
    void whoAsksAQuestionDoesNotWaitForIt() {
        Offer lite = catalog.chat(LITE);
        bedrock.lists().lacks(LITE, "entitlementAvailability");

        access.checkRemembered(lite);
        access.checkRemembered(lite);
        assertThat(background).hasSize(1);
        assertThat(bedrock.requests()).noneMatch(request -> request.operation().startsWith(CALL));
        background.remove().run();
        assertThatThrownBy(() -> access.checkRemembered(lite)).isInstanceOf(ModelFailure.class);
    }

    @Test
    void aModelIsCheckedWhenItIsChosenAndWhenItIsUsed() {
        ModelProvider models = BedrockAt.of(bedrock, Map.of("allowed-models", "amazon.*,eu.*"));
        bedrock.lists().lacks(SONNET, "agreementAvailability");

        models.check(LITE);
        models.check(models.defaultChatModelId());
        assertKind(() -> models.check("eu." + SONNET), Kind.DENIED);
        assertKind(() -> models.chatModel("eu." + SONNET), Kind.DENIED);
        assertKind(() -> models.check("no.such-model"), Kind.UNKNOWN_MODEL);
        assertKind(() -> models.check(FakeBedrock.TITAN), Kind.UNKNOWN_MODEL);
        assertKind(() -> models.check(BedrockLists.IMPORTED), Kind.UNKNOWN_MODEL);
        assertKind(() -> models.check(""), Kind.UNKNOWN_MODEL);
    }

    @Test
    void theDefaultIsTakenAtItsWordButNotWithoutAccess() {
        ModelProvider models = BedrockAt.of(bedrock, Map.of());
        bedrock.lists().lacks(FakeBedrock.NOVA, "entitlementAvailability");
        assertKind(() -> models.check(FakeBedrock.NOVA), Kind.DENIED);

        bedrock.listsRefuse(Optional.of((BedrockScript.Refusal) BedrockScript.deny()));
        ModelProvider unlisted = BedrockAt.of(bedrock, Map.of());
        assertThatCode(() -> unlisted.check(FakeBedrock.NOVA)).doesNotThrowAnyException();
    }

    private static void assertKind(Runnable call, Kind kind) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(ModelFailure.class, failure -> assertThat(failure.kind())
                .isEqualTo(kind));
    }
}
