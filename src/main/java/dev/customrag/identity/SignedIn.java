package dev.customrag.identity;

import java.time.Duration;

/**
 * What a person holds after signing in, or after refreshing.
 *
 * @param accessLifetime for how long the access token is good
 * @param refreshLifetime for how long the refresh token is
 */
record SignedIn(String accessToken, String refreshToken, Duration accessLifetime, Duration refreshLifetime) {}
