package dev.customrag.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFailureTest {

    @ParameterizedTest
    @CsvSource({
        "UNKNOWN_MODEL, 404, unknown-model",
        "DENIED, 403, model-denied",
        "THROTTLED, 429, model-throttled",
        "REFUSED, 422, model-refused",
        "TOO_LONG, 422, model-input-too-long",
        "BUSY, 503, model-busy",
        "TIMEOUT, 504, model-timeout",
        "UNAVAILABLE, 503, model-unavailable",
        "NOT_SET_UP, 503, model-unavailable",
        "RETENTION_NOT_PROVEN, 503, retention-not-proven"
    })
    void eachKindIsAProblemOfItsOwn(ModelFailure.Kind kind, int status, String type) {
        var failure = new ModelFailure(kind, "A sentence.");

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.body())
                .containsEntry("status", status)
                .containsEntry("type", "urn:customrag:problem:" + type)
                .containsEntry("detail", "A sentence.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"azure", "", "Bedrock"})
    void anUnknownProviderStopsTheStartAndSaysWhatToSet(String name) {
        assertThatThrownBy(() -> new ChosenProvider().provider(() -> name, null))
                .hasMessage("model.provider is '" + name + "'. Set it to bedrock or local.");
    }

    @Test
    void aFailureCarriesNeitherCauseNorStack() {
        var failure = new ModelFailure(ModelFailure.Kind.TIMEOUT, "A sentence.");

        assertThat(failure.getCause()).isNull();
        assertThat(failure.getStackTrace()).isEmpty();
    }
}
