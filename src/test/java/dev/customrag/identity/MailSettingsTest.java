package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MailSettingsTest {

    private static final String WEB = "https://assistant.example.org";
    private static final Optional<String> SENDER = Optional.of("no-reply@example.org");

    @Test
    void aCompleteSetUpIsFine() {
        assertThat(MailSettings.complaints(Optional.of("no-reply@example.org"), WEB))
                .isEmpty();
        assertThat(MailSettings.complaints(Optional.of("Assistant <no-reply@example.org>"), WEB))
                .isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(MailSettings.complaints(Optional.empty(), WEB))
                .singleElement()
                .asString()
                .contains("QUARKUS_MAILER_FROM");
        assertThat(MailSettings.complaints(SENDER, "http://localhost:8080"))
                .singleElement()
                .asString()
                .contains("IDENTITY_WEB_URL");
        assertThat(MailSettings.complaints(Optional.empty(), "http://localhost:8080"))
                .hasSize(1);
    }

    @Test
    void linksThatOthersCanReadOnTheWayAreNamed() {
        for (String web :
                List.of("http://assistant.example.org", "http://localhost.example.org", "http://10.0.0.1:8080")) {
            assertThat(MailSettings.complaints(SENDER, web))
                    .singleElement()
                    .asString()
                    .contains("https", "IDENTITY_WEB_URL");
            assertThat(MailSettings.complaints(Optional.empty(), web)).hasSize(2);
        }
    }

    @Test
    void aSenderThatIsNoneStopsTheStart() {
        assertThatThrownBy(() -> MailSettings.complaints(Optional.of("nobody in particular"), WEB))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("quarkus.mailer.from");
    }
}
