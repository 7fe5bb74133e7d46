package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocialProvidersTest {

    @Test
    void thereAreNoneUnlessConfigured() {
        assertThat(providers(Map.of()).all()).isEmpty();
    }

    @Test
    void gitHubNeedsNoMoreThanOurRegistrationThere() {
        SocialProvider github = providers(Map.of("github.client-id", "us", "github.client-secret", "secret"))
                .named("github");

        URI authorization = github.authorization(ProviderAttempt.begin());

        assertThat(github.title()).isEqualTo("GitHub");
        assertThat(authorization)
                .hasScheme("https")
                .hasHost("github.com")
                .hasPath("/login/oauth/authorize")
                .hasParameter("client_id", "us")
                .hasParameter("scope", "read:user user:email")
                .hasParameter("redirect_uri", "https://assistant.example/auth/oauth/github/callback");
    }

    @Test
    void aProviderMayHaveAnyNameAndSendPeopleBackElsewhere() {
        SocialProvider work = providers(Map.of(
                        "work.preset", "github",
                        "work.client-id", "us",
                        "work.client-secret", "secret",
                        "work.issuer", "https://github.work.example",
                        "work.api", "https://github.work.example/api/v3",
                        "work.title", "Work",
                        "work.scopes", "user:email",
                        "work.callback", "https://api.example/auth/oauth/work/callback"))
                .named("work");

        assertThat(work.title()).isEqualTo("Work");
        assertThat(work.authorization(ProviderAttempt.begin()))
                .hasHost("github.work.example")
                .hasParameter("scope", "user:email")
                .hasParameter("redirect_uri", "https://api.example/auth/oauth/work/callback");
    }

    @Test
    void googleNeedsNoMoreEither() {
        assertThat(providers(Map.of("google.client-id", "us")).named("google").title())
                .isEqualTo("Google");
    }

    @Test
    void theEnvironmentConfiguresAProvider() {
        var environment = Map.of(
                "IDENTITY_SOCIAL_GOOGLE_CLIENT_ID", "us",
                "IDENTITY_SOCIAL_GOOGLE_CLIENT_SECRET", "secret");

        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(environment, 300))
                .addDiscoveredConverters()
                .withMapping(SocialConfig.class)
                .build();

        assertThat(config.getConfigMapping(SocialConfig.class)
                        .providers()
                        .get("google")
                        .clientSecret())
                .contains("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "okta.client-id, us, identity.social.okta.issuer",
        "github.client-id, us, identity.social.github.client-secret",
        "Okta.client-id, us, identity.social.Okta"
    })
    void whatIsMissingOrWrongIsNamed(String key, String value, String named) {
        assertThatThrownBy(() -> providers(Map.of(key, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(named);
    }

    @Test
    void aClientWithoutIdIsNone() {
        assertThatThrownBy(() -> providers(Map.of("google.client-secret", "secret")))
                .isInstanceOf(ConfigValidationException.class)
                .hasMessageContaining("identity.social.google.client-id");
    }

    @Test
    void openIdConnectIsAskedForByItsScope() {
        assertThatThrownBy(() -> providers(Map.of("google.client-id", "us", "google.scopes", "email,profile")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("identity.social.google.scopes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://provider.example",
                "https://provider.example/?a=b",
                "https://provider.example/#a",
                "provider",
                "file:///etc/passwd"
            })
    void whatIsSaidToAProviderStaysBetweenUs(String issuer) {
        assertThatThrownBy(() -> providers(Map.of("okta.client-id", "us", "okta.issuer", issuer)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("identity.social.okta.issuer");
    }

    private static SocialProviders providers(Map<String, String> settings) {
        var properties = new HashMap<String, String>();
        settings.forEach((key, value) -> properties.put("identity.social." + key, value));
        properties.put("identity.web-url", "https://assistant.example");
        SmallRyeConfig config = new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .addDiscoveredConverters()
                .withMapping(SocialConfig.class)
                .withMapping(IdentityConfig.class)
                .build();
        return new SocialProviders(
                config.getConfigMapping(SocialConfig.class),
                config.getConfigMapping(IdentityConfig.class),
                new ObjectMapper(),
                Clock.systemUTC());
    }
}
