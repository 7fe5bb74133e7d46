package dev.customrag.identity;

import java.net.URI;

/** Somebody who knows people and vouches for them: an authorization server of RFC 6749. */
sealed interface SocialProvider permits OpenIdProvider, GitHubProvider {

    /** Its name in our addresses. */
    String name();

    /** Its name for people. */
    String title();

    /**
     * Where a browser goes for the person to be asked.
     *
     * @throws SocialRefusal 502 or 504 if the provider cannot be asked where that is
     */
    URI authorization(ProviderAttempt attempt);

    /**
     * Whom it vouches for with the code that it sent to our callback.
     *
     * @param issuer the {@code iss} beside the code, null if there is none: RFC 9207
     * @throws SocialRefusal 400 if it does not know the code, 401 if its word cannot be believed, 502 or 504 if it fails
     */
    ProviderAccount vouch(String code, String issuer, ProviderAttempt attempt);
}
