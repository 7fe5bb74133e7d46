package dev.customrag.identity;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jose4j.http.Response;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.HttpsJwks;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.keys.resolvers.HttpsJwksVerificationKeyResolver;
import org.jose4j.lang.JoseException;

/** A provider that speaks OpenID Connect, known by its issuer alone: OpenID Connect Discovery 1.0. */
final class OpenIdProvider implements SocialProvider {

    /** What signs with a public key: no symmetric one, whose secret is ours too, and not {@code none}. */
    private static final AlgorithmConstraints SIGNATURES = new AlgorithmConstraints(
            AlgorithmConstraints.ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
            AlgorithmIdentifiers.EDDSA);

    /** Its clock is not ours. */
    private static final int CLOCK_SKEW_SECONDS = 30;

    /** Endpoints move rarely; keys are fetched anew by themselves when an unknown one signs. */
    private static final Duration DISCOVERED_FOR = Duration.ofHours(1);

    private final String name;
    private final String title;
    private final OAuthClient client;
    private final URI issuer;
    private final Clock clock;
    private volatile Endpoints endpoints;

    OpenIdProvider(String name, String title, OAuthClient client, URI issuer, Clock clock) {
        this.name = name;
        this.title = title;
        this.client = client;
        this.issuer = issuer;
        this.clock = clock;
    }

    /** Where it does what, and its keys. */
    private record Endpoints(
            URI authorization,
            URI token,
            Optional<URI> userInfo,
            HttpsJwks keys,
            OAuthClient.Authentication authentication,
            boolean namesItself,
            Instant until) {}

    @Override
    public String name() {
        return name;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public URI authorization(ProviderAttempt attempt) {
        return client.authorization(endpoints().authorization(), attempt, Map.of("nonce", attempt.nonce()));
    }

    @Override
    public ProviderAccount vouch(String code, String answeringIssuer, ProviderAttempt attempt) {
        Endpoints at = endpoints();
        if (answeringIssuer == null ? at.namesItself() : !answeringIssuer.equals(issuer.toString())) {
            throw SocialRefusal.notBelieved();
        }
        JsonNode tokens = client.redeem(at.token(), at.authentication(), code, attempt);
        String idToken = tokens.path("id_token").asText("");
        if (idToken.isEmpty()) {
            throw client.http().failed("no ID token for a code");
        }
        JwtClaims claims = verified(idToken, at.keys(), attempt);
        return account(claims, tokens.path("access_token").asText(""), at.userInfo());
    }

    /** OpenID Connect Core 1.0, section 3.1.3.7. */
    private JwtClaims verified(String idToken, HttpsJwks keys, ProviderAttempt attempt) {
        try {
            // Here, so that a provider without keys is told from a token that none of them signed.
            keys.getJsonWebKeys();
        } catch (JoseException | IOException e) {
            throw client.http().failed("no keys");
        }
        var resolver = new HttpsJwksVerificationKeyResolver(keys);
        resolver.setDisambiguateWithVerifySignature(true);
        var consumer = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(SIGNATURES)
                .setVerificationKeyResolver(resolver)
                .setExpectedIssuer(issuer.toString())
                .setExpectedAudience(client.id())
                .setRequireSubject()
                .setRequireIssuedAt()
                .setRequireExpirationTime()
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .setAllowedClockSkewInSeconds(CLOCK_SKEW_SECONDS)
                // For how long ago is for the expiry to say.
                .setIssuedAtRestrictions(0, Integer.MAX_VALUE)
                .build();
        try {
            JwtClaims claims = consumer.processToClaims(idToken);
            String party = claims.getStringClaimValue("azp");
            boolean ours = party == null ? claims.getAudience().size() == 1 : party.equals(client.id());
            if (ours && same(attempt.nonce(), claims.getStringClaimValue("nonce"))) {
                return claims;
            }
        } catch (InvalidJwtException | MalformedClaimException e) {
            // Not passed on: its message quotes the claims.
        }
        throw SocialRefusal.notBelieved();
    }

    /** From the ID token; what it leaves out, some providers tell at their user info endpoint only. */
    private ProviderAccount account(JwtClaims claims, String accessToken, Optional<URI> userInfo) {
        JsonNode told = client.http().parsed(claims.toJson());
        if (!told.hasNonNull("email") && userInfo.isPresent() && !accessToken.isEmpty()) {
            JsonNode more = client.http().get(userInfo.get(), Map.of("Authorization", "Bearer " + accessToken));
            // Section 5.3.2: else it may be about somebody else.
            if (!more.path("sub").asText("").equals(told.path("sub").asText())) {
                throw SocialRefusal.notBelieved();
            }
            told = more;
        }
        return ProviderAccount.of(
                told.path("sub").textValue(),
                told.path("email").textValue(),
                isTrue(told.path("email_verified")),
                new ProviderAccount.Name(
                        told.path("given_name").textValue(),
                        told.path("family_name").textValue(),
                        told.path("name").textValue(),
                        told.path("preferred_username").textValue()));
    }

    /** A boolean, says section 5.1; Amazon Cognito and Apple send a string. */
    private static boolean isTrue(JsonNode claim) {
        return claim.isBoolean() ? claim.booleanValue() : "true".equals(claim.textValue());
    }

    private Endpoints endpoints() {
        Endpoints known = endpoints;
        if (known == null || known.until().isBefore(clock.instant())) {
            known = discovered();
            endpoints = known;
        }
        return known;
    }

    private Endpoints discovered() {
        String base = issuer.toString().replaceAll("/$", "");
        JsonNode metadata = client.http().get(URI.create(base + "/.well-known/openid-configuration"), Map.of());
        // Section 4.3: the document has to be the issuer's own.
        if (!issuer.toString().equals(metadata.path("issuer").asText())) {
            throw client.http().failed("its configuration names another issuer");
        }
        var keys = new HttpsJwks(endpoint(metadata, "jwks_uri").toString());
        keys.setSimpleHttpGet(this::keySet);
        // An unknown key has them fetched again, however fresh they are: only the provider itself brings us tokens.
        keys.setRefreshReprieveThreshold(0);
        return new Endpoints(
                endpoint(metadata, "authorization_endpoint"),
                endpoint(metadata, "token_endpoint"),
                metadata.hasNonNull("userinfo_endpoint")
                        ? Optional.of(endpoint(metadata, "userinfo_endpoint"))
                        : Optional.empty(),
                keys,
                authentication(metadata.path("token_endpoint_auth_methods_supported")),
                metadata.path("authorization_response_iss_parameter_supported").asBoolean(false),
                clock.instant().plus(DISCOVERED_FOR));
    }

    private URI endpoint(JsonNode metadata, String member) {
        try {
            URI address = URI.create(metadata.path(member).asText(""));
            if (SocialProviders.isSafe(address)) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Not an address; said below.
        }
        throw client.http().failed("its configuration has no acceptable " + member);
    }

    /** Basic where it is offered or nothing is said: Discovery 1.0, section 3. */
    private static OAuthClient.Authentication authentication(JsonNode methods) {
        for (JsonNode method : methods) {
            if (method.asText().equals("client_secret_basic")) {
                return OAuthClient.Authentication.BASIC;
            }
        }
        return methods.isEmpty() ? OAuthClient.Authentication.BASIC : OAuthClient.Authentication.POST;
    }

    private Response keySet(String address) {
        HttpResponse<String> answer = client.http().text(URI.create(address));
        return new Response(answer.statusCode(), "", answer.headers().map(), answer.body());
    }

    private static boolean same(String expected, String actual) {
        return actual != null
                && MessageDigest.isEqual(
                        expected.getBytes(StandardCharsets.UTF_8), actual.getBytes(StandardCharsets.UTF_8));
    }
}
