package dev.customrag.identity;

import dev.customrag.http.Problem;
import java.time.Duration;

/** The first step of a sign-in is done; a code is missing. Carries the token to come back with. */
class SecondStepRequired extends Problem {

    private static final long serialVersionUID = 1L;

    SecondStepRequired(String token, Duration lifetime) {
        super(
                401,
                "mfa-required",
                "Second factor required",
                "Send the code of your authenticator app, or a recovery code, to POST /auth/mfa/verify with mfa_token.");
        with("mfa_token", token);
        with("expires_in", lifetime.toSeconds());
        header("WWW-Authenticate", "Bearer");
    }
}
