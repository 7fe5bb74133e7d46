package dev.customrag.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;

/**
 * Providers the service under test believes: {@code example} and {@code github} are played by fakes, which test classes
 * get into fields of their types; {@code silent} never answers, nobody listens where {@code gone} is, and
 * {@code impostor} says that it is {@code example}.
 */
public final class FakeProviders implements QuarkusTestResourceLifecycleManager {

    private FakeOpenIdProvider openId;
    private FakeGitHub github;

    @Override
    public Map<String, String> start() {
        openId = FakeOpenIdProvider.start("/auth/oauth/example/callback");
        github = FakeGitHub.start();
        return Map.ofEntries(
                Map.entry("identity.social.example.issuer", openId.issuer()),
                Map.entry("identity.social.example.title", "Example"),
                Map.entry("identity.social.example.client-id", CodeGrants.CLIENT_ID),
                Map.entry("identity.social.example.client-secret", CodeGrants.CLIENT_SECRET),
                Map.entry("identity.social.github.issuer", github.web()),
                Map.entry("identity.social.github.api", github.api()),
                Map.entry("identity.social.github.client-id", CodeGrants.CLIENT_ID),
                Map.entry("identity.social.github.client-secret", CodeGrants.CLIENT_SECRET),
                Map.entry("identity.social.silent.issuer", openId.issuer() + "/silent"),
                Map.entry("identity.social.silent.client-id", CodeGrants.CLIENT_ID),
                Map.entry("identity.social.silent.timeout", "200ms"),
                Map.entry("identity.social.gone.issuer", "http://127.0.0.1:1"),
                Map.entry("identity.social.gone.client-id", CodeGrants.CLIENT_ID),
                Map.entry("identity.social.impostor.issuer", openId.issuer() + "/impostor"),
                Map.entry("identity.social.impostor.client-id", CodeGrants.CLIENT_ID));
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(openId, new TestInjector.MatchesType(FakeOpenIdProvider.class));
        injector.injectIntoFields(github, new TestInjector.MatchesType(FakeGitHub.class));
    }

    @Override
    public void stop() {
        openId.close();
        github.close();
    }
}
