package dev.customrag.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** We as the client of an authorization server: the code flow of RFC 6749, section 4.1, with PKCE (RFC 7636). */
final class OAuthClient {

    /** What servers say about a code that is spent, out of date or another client's; the second is GitHub's. */
    private static final Set<String> CODE_REFUSED = Set.of("invalid_grant", "bad_verification_code");

    /** How we prove who we are at the token endpoint: RFC 6749, section 2.3.1. */
    enum Authentication {
        BASIC,
        POST
    }

    private final String id;
    private final Optional<String> secret;
    private final URI callback;
    private final List<String> scopes;
    private final ProviderHttp http;

    /**
     * @param callback where the provider sends people back, as registered there
     */
    OAuthClient(String id, Optional<String> secret, URI callback, List<String> scopes, ProviderHttp http) {
        this.id = id;
        this.secret = secret;
        this.callback = callback;
        this.scopes = scopes;
        this.http = http;
    }

    /** Our name at the provider. */
    String id() {
        return id;
    }

    /** How the provider is asked anything else. */
    ProviderHttp http() {
        return http;
    }

    /** Where a browser is sent to ask the person. */
    URI authorization(URI endpoint, ProviderAttempt attempt, Map<String, String> extra) {
        var query = new LinkedHashMap<String, String>();
        query.put("response_type", "code");
        query.put("client_id", id);
        query.put("redirect_uri", callback.toString());
        query.put("scope", String.join(" ", scopes));
        query.put("state", attempt.state());
        query.put("code_challenge", attempt.codeChallenge());
        query.put("code_challenge_method", "S256");
        query.putAll(extra);
        return URI.create(endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + ProviderHttp.encoded(query));
    }

    /**
     * Spends a code.
     *
     * @return the token endpoint's answer
     * @throws SocialRefusal 400 if the server does not know the code; 502 for any other answer that is no success
     */
    JsonNode redeem(URI endpoint, Authentication authentication, String code, ProviderAttempt attempt) {
        var form = new LinkedHashMap<String, String>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("redirect_uri", callback.toString());
        form.put("code_verifier", attempt.codeVerifier());
        var headers = new LinkedHashMap<String, String>();
        if (secret.isPresent() && authentication == Authentication.BASIC) {
            String credentials = ProviderHttp.encoded(id) + ":" + ProviderHttp.encoded(secret.get());
            headers.put(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
        } else {
            form.put("client_id", id);
            secret.ifPresent(text -> form.put("client_secret", text));
        }
        HttpResponse<String> answer = http.post(endpoint, form, headers);
        if (answer.statusCode() >= 500) {
            throw http.failed("status " + answer.statusCode() + " for a code");
        }
        JsonNode body = http.parsed(answer.body());
        // GitHub says what is wrong with status 200.
        String error = body.path("error").asText("");
        if (CODE_REFUSED.contains(error)) {
            throw SocialRefusal.codeRefused();
        }
        if (answer.statusCode() != 200 || !error.isEmpty()) {
            throw http.failed("status " + answer.statusCode() + " for a code, " + kindOf(error));
        }
        return body;
    }

    /** An error as it may be logged: the codes of RFC 6749, section 5.2, look like this; others might say more. */
    static String kindOf(String error) {
        return error.matches("[a-z_]{1,40}") ? error : "no error code";
    }
}
