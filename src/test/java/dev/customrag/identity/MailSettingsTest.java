package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailSettingsTest {

    private static final String WEB = "https://assistant.example.org";

    @Test
    void aCompleteSetUpIsFine() {
        assertThat(MailSettings.complaint(Optional.of("no-reply@example.org"), WEB))
                .isEmpty();
        assertThat(MailSettings.complaint(Optional.of("Assistant <no-reply@example.org>"), WEB))
                .isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(MailSettings.complaint(Optional.empty(), WEB).orElseThrow()).contains("QUARKUS_MAILER_FROM");
        assertThat(MailSettings.complaint(Optional.of("no-reply@example.org"), "http://localhost:8080")
                        .orElseThrow())
                .contains("IDENTITY_WEB_URL");
    }

    @Test
    void aSenderThatIsNoneStopsTheStart() {
        assertThatThrownBy(() -> MailSettings.complaint(Optional.of("nobody in particular"), WEB))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("quarkus.mailer.from");
    }
}
