package dev.customrag.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithParentName;
import jakarta.validation.constraints.NotBlank;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/**
 * Whose word about a person counts as a sign-in: {@code identity.social.<provider>.*}. None unless configured. Public, as
 * SmallRye validates the groups of no other mapping.
 */
@ConfigMapping(prefix = "identity.social")
public interface SocialConfig {

    /** The providers, by the name they have in our addresses: lower-case letters, digits and dashes. */
    @WithParentName
    Map<String, Provider> providers();

    /** What a provider speaks. */
    enum Preset {
        GOOGLE,
        GITHUB,
        OPENID
    }

    /** One provider. */
    interface Provider {

        /** What it speaks. Without it the names {@code google} and {@code github} say so; any other is OpenID Connect. */
        Optional<Preset> preset();

        /** Our name at the provider, from the registration there. */
        @NotBlank
        String clientId();

        /** What proves that we are that client. Absent for providers that know us by PKCE alone. */
        Optional<String> clientSecret();

        /** Where its {@code /.well-known/openid-configuration} is. For GitHub: the address of an Enterprise server. */
        Optional<URI> issuer();

        /** GitHub only: where its API is. Enterprise servers have it at {@code <address>/api/v3}. */
        Optional<URI> api();

        /** Where it sends people back. By default {@code <identity.web-url>/auth/oauth/<provider>/callback}. */
        Optional<URI> callback();

        /** What it is asked for; by default who the person is and their address, and no more. */
        Optional<List<String>> scopes();

        /** What the web app calls it. */
        Optional<String> title();

        /** The longest one call to it may take: the person waits in front of an empty page meanwhile. */
        @WithDefault("10s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 2)
        Duration timeout();
    }
}
