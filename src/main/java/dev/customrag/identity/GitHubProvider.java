package dev.customrag.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Map;

/**
 * GitHub, which speaks OAuth but not OpenID Connect: who the person is, its API tells. It is asked with the token that
 * the code has just bought over TLS, so that there is nothing to verify.
 *
 * @param web where people sign in
 * @param api where programs ask
 */
record GitHubProvider(String name, String title, OAuthClient client, URI web, URI api) implements SocialProvider {

    @Override
    public URI authorization(ProviderAttempt attempt) {
        return client.authorization(URI.create(web + "/login/oauth/authorize"), attempt, Map.of());
    }

    @Override
    public ProviderAccount vouch(String code, String issuer, ProviderAttempt attempt) {
        JsonNode tokens = client.redeem(
                URI.create(web + "/login/oauth/access_token"), OAuthClient.Authentication.POST, code, attempt);
        String token = tokens.path("access_token").asText("");
        if (token.isEmpty()) {
            throw client.http().failed("no access token for a code");
        }
        Map<String, String> headers = Map.of(
                "Authorization",
                "Bearer " + token,
                "Accept",
                "application/vnd.github+json",
                "X-GitHub-Api-Version",
                "2022-11-28");
        JsonNode user = client.http().get(URI.create(api + "/user"), headers);
        if (!user.path("id").isIntegralNumber()) {
            throw client.http().failed("a user without an id");
        }
        JsonNode address = primary(client.http().get(URI.create(api + "/user/emails"), headers));
        return ProviderAccount.of(
                user.path("id").asText(),
                address.path("email").textValue(),
                address.path("verified").asBoolean(false),
                new ProviderAccount.Name(
                        null,
                        null,
                        user.path("name").textValue(),
                        user.path("login").textValue()));
    }

    /** The address a person chose to get GitHub's mail at. */
    private static JsonNode primary(JsonNode addresses) {
        for (JsonNode address : addresses) {
            if (address.path("primary").asBoolean(false)) {
                return address;
            }
        }
        return addresses.path("none");
    }
}
