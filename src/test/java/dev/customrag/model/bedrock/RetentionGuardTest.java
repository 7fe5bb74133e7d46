package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.Retention;
import dev.customrag.model.VectorSpace;
import dev.customrag.testing.BedrockLists;
import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.HeardAnswer;
import dev.customrag.testing.MovableClock;
import dev.customrag.testing.Settings;
import dev.customrag.testing.Together;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionGuardTest extends BedrockTestBase {

    private static final String EUROPEAN = "eu.amazon.nova-pro-v1:0";
    private static final String GLOBAL = "global.amazon.nova-lite-v1:0";
    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");

    private final MovableClock clock = new MovableClock(START);
    private final RetentionGuard guard = guard(Map.of());

    private RetentionGuard guard(Map<String, String> settings) {
        BedrockConfig strict = config(strict(settings));
        return new RetentionGuard(strict, clients, new BedrockCatalog(strict, clients, clock, Runnable::run), clock);
    }

    private static Map<String, String> strict(Map<String, String> settings) {
        var all = new HashMap<>(Map.of("require-zero-retention", "true", "max-retries", "0"));
        all.putAll(settings);
        return all;
    }

    private static void assertRefused(ThrowingCallable call, String... words) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(ModelFailure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Kind.RETENTION_NOT_PROVEN);
                    assertThat(failure.status()).isEqualTo(503);
                    assertThat(failure.mayPass()).isTrue();
                })
                .hasMessageStartingWith("Models are only asked where it is proven that nothing is kept. ")
                .satisfies(failure -> assertThat(List.of(words))
                        .allSatisfy(part -> assertThat(failure.getMessage()).contains(part)));
    }

    private static int looks() {
        return bedrock.requests("data-retention").size();
    }

    @Test
    void whereNothingIsKeptCallsGoOn() {
        guard.admit(FakeBedrock.NOVA);
        guard.admit(FakeBedrock.TITAN);
        guard.admit(EUROPEAN);
        guard.admit(BedrockLists.PROVISIONED);
        guard.admit(BedrockLists.APPLICATION_PROFILE);

        assertThat(looks()).as("one look a Region").isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"default", "provider_data_share", "inherit", "aws_review", "NONE", "a mode: with words", ""})
    void everyOtherModeRefusesAndSaysWhatToChange(String mode) {
        bedrock.lists().retention(FakeBedrock.REGION, mode);
        String shown = mode.matches("[a-z_]+") ? mode : "unknown";

        assertRefused(
                () -> guard.admit(FakeBedrock.NOVA),
                "eu-central-1 is '" + shown + "'",
                "set it to 'none' (PutAccountDataRetention");
    }

    @Test
    void invocationLoggingRefusesAndSaysWhatToChange() {
        bedrock.lists().logInvocations(FakeBedrock.REGION);

        assertRefused(
                () -> guard.admit(FakeBedrock.NOVA),
                "logging is on in eu-central-1",
                "DeleteModelInvocationLoggingConfiguration");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/data-retention", "/logging/modelinvocations"})
    void aCheckThatMayNotBeMadeRefuses(String path) {
        bedrock.lists().refuse(path, BedrockScript.deny());

        assertRefused(
                () -> guard.admit(FakeBedrock.NOVA),
                "bedrock:GetAccountDataRetention and bedrock:GetModelInvocationLoggingConfiguration");
    }

    @Test
    void aRegionThatDoesNotKnowTheSettingRefuses() {
        bedrock.lists().refuse("/data-retention", new BedrockScript.Refusal(404, "UnknownOperationException", ""));

        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "does not say what it retains");
    }

    @Test
    void aRegionThatIsNotEnabledRefuses() {
        bedrock.lists().refuse("/data-retention", new BedrockScript.Refusal(403, "UnrecognizedClientException", ""));

        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "enable the Region");
    }

    @Test
    void aProfileIsRefusedForAnyOfItsRegionsAndNoOtherModelWithIt() {
        bedrock.lists().retention(BedrockLists.OTHER_REGION, "default");

        guard.admit(FakeBedrock.NOVA);
        assertRefused(() -> guard.admit(EUROPEAN), "in eu-west-1 is 'default'");
        assertRefused(() -> guard.admit(FakeBedrock.COHERE_V4), "in eu-west-1 is 'default'");
        assertRefused(() -> guard.admit(GLOBAL), "may run in any Region");
    }

    @Test
    void theRegionOfTheServiceCountsForEveryModel() {
        bedrock.lists().retention(FakeBedrock.REGION, "default");

        assertRefused(() -> guard.admit(EUROPEAN), "eu-central-1");
        assertRefused(() -> guard.admit(BedrockLists.IMPORTED), "eu-central-1");
    }

    @Test
    void aRegionThatCannotBeReachedRefusesItsProfilesOnly() {
        RetentionGuard cutOff = new RetentionGuard(
                config(strict(Map.of())),
                new BedrockClients(
                        config(strict(Map.of(
                                "control-endpoint-overrides." + BedrockLists.OTHER_REGION, "http://127.0.0.1:9"))),
                        credentials(FakeBedrock.SECRET_KEY)),
                new BedrockCatalog(config, clients, clock, Runnable::run),
                clock);

        cutOff.admit(FakeBedrock.NOVA);
        assertRefused(() -> cutOff.admit(EUROPEAN), "eu-west-1 cannot be read at the moment");
    }

    @Test
    void whatTheListsDoNotHaveIsRefused() {
        assertRefused(() -> guard.admit("no.such-model-v1:0"), "not known which Regions");
        assertRefused(
                () -> guard.admit("arn:aws:bedrock:eu-central-1:111122223333:default-prompt-router/x:1"),
                "not known which Regions");
        assertRefused(() -> guard.admit(""), "not known which Regions");

        bedrock.listsRefuse(Optional.of((BedrockScript.Refusal) BedrockScript.deny()));
        RetentionGuard blind = guard(Map.of());
        assertRefused(() -> blind.admit(FakeBedrock.NOVA), "lists of Amazon Bedrock");
    }

    @Test
    void whatIsMendedIsSeenAfterAMoment() {
        bedrock.lists().retention(FakeBedrock.REGION, "inherit");
        assertRefused(() -> guard.admit(FakeBedrock.NOVA));
        bedrock.lists().retention(FakeBedrock.REGION, "none");
        for (int i = 0; i < 5; i++) {
            assertRefused(() -> guard.admit(FakeBedrock.NOVA));
        }
        assertThat(looks()).as("refused calls do not each look").isEqualTo(1);

        clock.pass(Duration.ofSeconds(11));
        guard.admit(FakeBedrock.NOVA);
    }

    @Test
    void callsAtTheSameTimeLookOnce() {
        bedrock.lists().retention(FakeBedrock.REGION, "inherit");

        Together.call(20, () -> {
            assertRefused(() -> guard.admit(FakeBedrock.NOVA));
            return true;
        });

        assertThat(looks()).isEqualTo(1);
    }

    @Test
    void whatIsSwitchedOnIsSeenInTheNextRound() {
        guard.look();
        guard.admit(FakeBedrock.NOVA);
        bedrock.lists().logInvocations(FakeBedrock.REGION);
        clock.pass(Duration.ofMinutes(5));

        guard.look();
        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "logging is on");
    }

    @Test
    void aRegionThatDoesNotAnswerForAMomentIsTrustedForAWhile() {
        guard.admit(FakeBedrock.NOVA);
        bedrock.lists().refuse("/data-retention", BedrockScript.unavailable());

        clock.pass(Duration.ofMinutes(14));
        guard.look();
        guard.admit(FakeBedrock.NOVA);
        clock.pass(Duration.ofMinutes(1));
        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "cannot be read at the moment");

        bedrock.lists().allow("/data-retention");
        clock.pass(Duration.ofSeconds(11));
        guard.admit(FakeBedrock.NOVA);
    }

    @Test
    void aRoleThatLosesItsPermissionIsNotTrusted() {
        guard.admit(FakeBedrock.NOVA);
        bedrock.lists().refuse("/logging", BedrockScript.deny());

        guard.look();
        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "cannot be read");
    }

    @Test
    void whatWasSeenTooLongAgoIsLookedAtAgain() {
        guard.admit(FakeBedrock.NOVA);
        bedrock.lists().retention(FakeBedrock.REGION, "default");
        clock.pass(Duration.ofMinutes(16));

        assertRefused(() -> guard.admit(FakeBedrock.NOVA), "'default'");
    }

    @Test
    void aRoundLooksAtTheRegionsThatModelsReach() {
        guard.look();
        assertThat(guard.retention().regions())
                .containsExactly(
                        new Retention.InRegion(FakeBedrock.REGION, "none", false, START, null),
                        new Retention.InRegion(BedrockLists.OTHER_REGION, "none", false, START, null));
        assertThat(guard.count(true)).isEqualTo(2);

        RetentionGuard atHome = guard(Map.of("allowed-models", "amazon.*"));
        atHome.look();
        assertThat(atHome.retention().regions())
                .extracting(Retention.InRegion::region)
                .containsExactly(FakeBedrock.REGION);
    }

    @Test
    void theFactsSayWhatIsWrongWhereAndForWhichModels() {
        bedrock.lists().retention(BedrockLists.OTHER_REGION, "default");
        bedrock.lists().logInvocations(BedrockLists.OTHER_REGION);
        guard.look();

        Retention retention = guard.retention();

        assertThat(retention.leaves()).isTrue();
        assertThat(retention.required()).isTrue();
        assertThat(retention.proven()).isTrue();
        assertThat(retention.regions())
                .last()
                .isEqualTo(new Retention.InRegion(
                        BedrockLists.OTHER_REGION,
                        "default",
                        true,
                        START,
                        "The data-retention mode of the AWS account in eu-west-1 is 'default'. The operator of this"
                                + " service has to set it to 'none' (PutAccountDataRetention in that Region)."));
        assertThat(retention.unproven())
                .extracting(Retention.Unproven::modelId)
                .containsExactly(EUROPEAN, GLOBAL, "eu.anthropic.claude-sonnet-4-5-20250929-v1:0");
        assertThat(guard.count(true)).isEqualTo(1);
        assertThat(guard.count(false)).isEqualTo(1);
    }

    @Test
    void beforeTheFirstLookNothingIsProven() {
        Retention retention = guard.retention();

        assertThat(retention.proven()).isFalse();
        assertThat(retention.regions()).isEmpty();
        assertThat(looks()).as("who reads the facts does not look").isZero();
    }

    @Test
    void theFactsSayWhatTheCacheOfPromptsHolds() {
        assertThat(guard.retention().enforced()).contains("Converse").contains("for five minutes");
        assertThat(guard(Map.of("prompt-caching", "false")).retention().enforced())
                .contains("Converse")
                .doesNotContain("five minutes");
    }

    @Test
    void itIsRequiredUnlessSomebodySaysOtherwise() {
        assertThat(Settings.defaults(BedrockConfig.class).requireZeroRetention())
                .isTrue();
    }

    @Test
    void whereItIsNotRequiredCallsGoOnAndTheFactsAreTold() {
        bedrock.lists().retention(FakeBedrock.REGION, "inherit");
        RetentionGuard lenient = guard(Map.of("require-zero-retention", "false"));
        lenient.look();

        assertThatCode(() -> lenient.admit(FakeBedrock.NOVA)).doesNotThrowAnyException();
        assertThat(lenient.retention().required()).isFalse();
        assertThat(lenient.retention().proven()).isFalse();
        assertThat(lenient.retention().regions().getFirst().mode()).isEqualTo("inherit");
    }

    /** Answers, questions and passages alike; not a byte of them is sent. */
    @Test
    void noCallOfTheProviderPassesTheGuard() {
        bedrock.lists().retention(FakeBedrock.REGION, "inherit");
        ModelProvider models = BedrockAt.of(bedrock, strict(Map.of()));
        var heard = new HeardAnswer();

        models.chatModel(FakeBedrock.NOVA).chat("Hello", heard);
        assertThat(heard.failure(ModelFailure.class).kind()).isEqualTo(Kind.RETENTION_NOT_PROVEN);
        assertRefused(() -> models.embedding().embedQuestion("Hello?"));
        assertRefused(() -> models.embedding().embedPassages(List.of("a passage")));
        assertRefused(() -> models.check(FakeBedrock.NOVA));
        assertThat(bedrock.requests()).noneMatch(request -> !request.modelId().isEmpty());

        bedrock.lists().retention(FakeBedrock.REGION, "none");
        ModelProvider mended = BedrockAt.of(bedrock, strict(Map.of()));
        var answered = new HeardAnswer();
        mended.chatModel(FakeBedrock.NOVA).chat("Hello", answered);
        assertThat(answered.complete().aiMessage().text()).isEqualTo("You asked: Hello");
        assertThat(mended.embedding().embedPassages(List.of("a passage")).vectors())
                .hasSize(1);
    }

    /** The clients themselves refuse, should somebody ever forget to say who judges. */
    @Test
    void clientsThatNobodyGuardsCallNoModel() {
        BedrockConfig strict = config(strict(Map.of()));
        var unguarded = new BedrockClients(strict, credentials(FakeBedrock.SECRET_KEY));
        var embedding = new BedrockEmbedding(
                new VectorSpace(FakeBedrock.TITAN, 1024), strict, unguarded, new SimpleMeterRegistry());

        assertThatThrownBy(() -> embedding.embedQuestion("Hello?")).isInstanceOf(ModelFailure.class);
        assertThat(bedrock.requests()).isEmpty();
        unguarded.close();
    }

    @Test
    void theStateOfRegionsIsMeasured() {
        var metrics = new SimpleMeterRegistry();
        BedrockConfig strict = config(strict(Map.of()));
        var models = new BedrockModels(
                strict, new BedrockClients(strict, credentials(FakeBedrock.SECRET_KEY)), metrics, Clock.systemUTC());
        bedrock.lists().retention(BedrockLists.OTHER_REGION, "default");

        models.check(FakeBedrock.NOVA);
        assertRefused(() -> models.check(EUROPEAN));

        assertThat(metrics.get("model.retention.regions")
                        .tag("state", "proven")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(metrics.get("model.retention.regions")
                        .tag("state", "unproven")
                        .gauge()
                        .value())
                .isEqualTo(1);
        models.close();
    }
}
