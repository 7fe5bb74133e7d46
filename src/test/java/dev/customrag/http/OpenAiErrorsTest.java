package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenAiErrorsTest {

    @Test
    void whatOpenAiHasACodeForHasThatCode() {
        assertThat(error(new Problem(429, "budget-exceeded", "Budget exceeded", "Come back tomorrow.")))
                .containsEntry("message", "Come back tomorrow.")
                .containsEntry("type", "insufficient_quota")
                .containsEntry("code", "insufficient_quota");
        assertThat(error(Problem.tooMany(Duration.ofSeconds(1))))
                .containsEntry("type", "rate_limit_error")
                .containsEntry("code", "rate_limit_exceeded");
        assertThat(error(ProblemMappers.invalidToken()))
                .containsEntry("type", "invalid_request_error")
                .containsEntry("code", "invalid_api_key");
    }

    @Test
    void othersHaveTheirOwn() {
        assertThat(error(Problem.internalError()))
                .containsEntry("type", "server_error")
                .containsEntry("code", "internal_error")
                .containsEntry("param", null);
        assertThat(OpenAiErrors.status(Problem.internalError())).isEqualTo(500);
    }

    @Test
    void theFirstFieldIsTheParameter() {
        Problem problem = Problem.invalid(
                List.of(new Problem.FieldError("n", "must be 1"), new Problem.FieldError("stop", "must be a text")));

        assertThat(error(problem))
                .containsEntry("message", "n must be 1")
                .containsEntry("param", "n")
                .containsEntry("code", "invalid_value");
        assertThat(OpenAiErrors.status(problem)).isEqualTo(400);
    }

    @Test
    void onlyTheirOwnAddressesSpeakSo() {
        assertThat(OpenAiErrors.speakAt("/v1/models")).isTrue();
        assertThat(OpenAiErrors.speakAt("/v1/nothing")).isTrue();
        assertThat(OpenAiErrors.speakAt("/v12")).isFalse();
        assertThat(OpenAiErrors.speakAt("/models")).isFalse();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> error(Problem problem) {
        return (Map<String, Object>) OpenAiErrors.body(problem).get("error");
    }
}
