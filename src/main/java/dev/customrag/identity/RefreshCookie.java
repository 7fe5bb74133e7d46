package dev.customrag.identity;

import jakarta.ws.rs.core.NewCookie;
import java.time.Duration;

/**
 * The refresh token as a cookie that scripts cannot read, for browsers. It counts only beside the request header
 * {@link #WANTED}, which no other site can make a browser send: OWASP Cross-Site Request Forgery Prevention Cheat Sheet,
 * "Custom Request Headers".
 */
final class RefreshCookie {

    /** The header of a client that wants the cookie; its value is {@code 1}. */
    static final String WANTED = "X-Refresh-Cookie";

    static final String NAME = "refresh_token";

    private RefreshCookie() {}

    static boolean isWanted(String header) {
        return "1".equals(header);
    }

    static NewCookie carrying(String token, Duration lifetime) {
        return new NewCookie.Builder(NAME)
                .value(token)
                .maxAge(Math.toIntExact(lifetime.toSeconds()))
                .path("/auth")
                .httpOnly(true)
                .secure(true)
                .sameSite(NewCookie.SameSite.STRICT)
                .build();
    }

    static NewCookie removed() {
        return carrying("", Duration.ZERO);
    }
}
