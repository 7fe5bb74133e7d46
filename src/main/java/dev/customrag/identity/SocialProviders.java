package dev.customrag.identity;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.http.Problem;
import io.quarkus.runtime.Startup;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The providers this installation believes. Wrong settings stop the start; none is asked before somebody signs in. */
@Startup
@ApplicationScoped
class SocialProviders {

    private static final Pattern NAME = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?");
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private static final URI GOOGLE = URI.create("https://accounts.google.com");
    private static final URI GITHUB = URI.create("https://github.com");
    private static final URI GITHUB_API = URI.create("https://api.github.com");

    private final Map<String, SocialProvider> providers = new TreeMap<>();

    SocialProviders(SocialConfig config, IdentityConfig identity, ObjectMapper json, Clock clock) {
        config.providers()
                .forEach((name, settings) ->
                        providers.put(name, provider(name, settings, identity.webUrl(), json, clock)));
    }

    /** All of them, by name. */
    Collection<SocialProvider> all() {
        return providers.values();
    }

    /** Their names. */
    Set<String> names() {
        return providers.keySet();
    }

    /**
     * The provider of that name.
     *
     * @throws Problem 404 if there is none
     */
    SocialProvider named(String name) {
        return Optional.ofNullable(providers.get(name)).orElseThrow(() -> Problem.notFound("Sign-in provider"));
    }

    /** Whether what we send there stays between us: TLS, or a server on this machine. */
    static boolean isSafe(URI address) {
        return address.getHost() != null
                && ("https".equals(address.getScheme())
                        || "http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost()));
    }

    private static SocialProvider provider(
            String name, SocialConfig.Provider settings, String webUrl, ObjectMapper json, Clock clock) {
        String key = "identity.social." + name;
        check(
                NAME.matcher(name).matches(),
                key + ": a provider's name has 1 to 30 lower-case letters, digits and dashes.");
        check(settings.timeout().isPositive(), key + ".timeout must be positive.");
        SocialConfig.Preset preset = settings.preset().orElseGet(() -> presetOf(name));
        var http = new ProviderHttp(name, settings.timeout(), json);
        URI callback = settings.callback().orElse(URI.create(webUrl + "/auth/oauth/" + name + "/callback"));
        return switch (preset) {
            case GITHUB -> {
                check(settings.clientSecret().isPresent(), key + ".client-secret is missing; GitHub asks for it.");
                yield new GitHubProvider(
                        name,
                        settings.title().orElse("GitHub"),
                        client(settings, callback, List.of("read:user", "user:email"), http),
                        safe(settings.issuer().orElse(GITHUB), key + ".issuer"),
                        safe(settings.api().orElse(GITHUB_API), key + ".api"));
            }
            case GOOGLE ->
                new OpenIdProvider(
                        name,
                        settings.title().orElse("Google"),
                        openIdClient(name, settings, callback, http),
                        safe(settings.issuer().orElse(GOOGLE), key + ".issuer"),
                        clock);
            case OPENID -> {
                check(
                        settings.issuer().isPresent(),
                        key + ".issuer is missing: the address below which the provider has"
                                + " /.well-known/openid-configuration.");
                yield new OpenIdProvider(
                        name,
                        settings.title().orElse(name),
                        openIdClient(name, settings, callback, http),
                        safe(settings.issuer().get(), key + ".issuer"),
                        clock);
            }
        };
    }

    private static SocialConfig.Preset presetOf(String name) {
        return switch (name) {
            case "google" -> SocialConfig.Preset.GOOGLE;
            case "github" -> SocialConfig.Preset.GITHUB;
            default -> SocialConfig.Preset.OPENID;
        };
    }

    private static OAuthClient openIdClient(
            String name, SocialConfig.Provider settings, URI callback, ProviderHttp http) {
        check(
                settings.scopes().map(scopes -> scopes.contains("openid")).orElse(true),
                "identity.social." + name + ".scopes must contain openid: OpenID Connect Core 1.0, section 3.1.2.1.");
        return client(settings, callback, List.of("openid", "email", "profile"), http);
    }

    private static OAuthClient client(
            SocialConfig.Provider settings, URI callback, List<String> scopes, ProviderHttp http) {
        return new OAuthClient(
                settings.clientId(),
                settings.clientSecret(),
                callback,
                settings.scopes().orElse(scopes),
                http);
    }

    private static URI safe(URI address, String key) {
        check(
                isSafe(address) && address.getRawQuery() == null && address.getRawFragment() == null,
                key + " must be an https address without query (http on this machine only).");
        return address;
    }

    private static void check(boolean fine, String message) {
        if (!fine) {
            throw new ConfigurationException(message);
        }
    }
}
