package dev.customrag.model.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.bedrock.BedrockFailures.Length;
import java.util.Locale;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

class BedrockFailuresTest {

    private static Throwable validation(String message) {
        return ValidationException.builder()
                .statusCode(400)
                .message(message)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode("ValidationException")
                        .errorMessage(message)
                        .build())
                .build();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "The model returned the following errors: prompt is too long: 215123 tokens > 200000 maximum"
                        + "| 215123 | 200000",
                "input length and `max_tokens` exceed context limit: 195000 + 8192 > 200000, decrease input length or"
                        + " `max_tokens` and try again | 203192 | 200000",
                "This model's maximum context length is 131072 tokens. However, you requested 131134 tokens (122942 in"
                        + " the messages, 8192 in the completion). | 131134 | 131072",
                "This model's maximum context length is 4097 tokens. However, your messages resulted in 13393 tokens."
                        + "| 13393 | 4097",
                "number of input tokens (167594) has exceeded max_prompt_tokens (163840) limit. | 167594 | 163840"
            })
    void figuresOfTheProviderAreTold(String message, int tokens, int most) {
        ModelFailure failure =
                BedrockFailures.translate(validation(message), new Length(190_000, OptionalInt.of(1_000_000)));

        assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure.body())
                .containsEntry("status", 422)
                .containsEntry("tokens", tokens)
                .containsEntry("max_tokens", most);
        assertThat(failure.getMessage())
                .contains(String.format(
                        Locale.ENGLISH,
                        "too long for this model: %,d tokens of %,d at most. Shorten it",
                        tokens,
                        most));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Input is too long for requested model.",
                "Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the input to try"
                        + " again.",
                "This model's context length was exceeded"
            })
    void withoutFiguresOursAreTold(String message) {
        ModelFailure failure =
                BedrockFailures.translate(validation(message), new Length(412_345, OptionalInt.of(300_000)));

        assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
        assertThat(failure.getMessage()).contains("about 412,345 tokens of 300,000 at most");
        assertThat(failure.body()).containsEntry("tokens", 412_345).containsEntry("max_tokens", 300_000);
    }

    @Test
    void anEstimateByWhichItFitsIsNotTold() {
        ModelFailure failure = BedrockFailures.translate(
                validation("Input is too long for requested model."), new Length(150_000, OptionalInt.of(200_000)));

        assertThat(failure.getMessage()).contains("too long for this model, which takes 200,000 tokens. Shorten");
        assertThat(failure.body()).doesNotContainKey("tokens").containsEntry("max_tokens", 200_000);
    }

    @Test
    void aModelThatIsNotKnownIsOfNoKnownLength() {
        ModelFailure failure = BedrockFailures.translate(validation("Input is too long for requested model."));

        assertThat(failure.getMessage()).contains("is too long for this model. Shorten");
        assertThat(failure.body()).doesNotContainKeys("tokens", "max_tokens");
    }

    @Test
    void aLimitOfTheAnswerThatIsTooHighIsSaidSo() {
        ModelFailure failure = BedrockFailures.translate(validation(
                "The maximum tokens you requested exceeds the model limit of 4096. Try again with a maximum tokens value"
                        + " that is lower than 4096."));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure.getMessage()).contains("longest answer of this model has 4,096 tokens");
    }

    @Test
    void whatTheProviderQuotesStaysHere() {
        ModelFailure failure = BedrockFailures.translate(
                validation("prompt is too long: 99999999999999999999 tokens > 5: my secret question"),
                new Length(10, OptionalInt.of(5)));

        assertThat(failure.getMessage()).doesNotContain("secret", "9999");
        assertThat(failure.kind()).isEqualTo(Kind.TOO_LONG);
    }
}
