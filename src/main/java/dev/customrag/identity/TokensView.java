package dev.customrag.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;

/**
 * What every way to sign in answers with, and a refresh.
 *
 * @param refreshToken absent where the cookie carries it
 * @param expiresIn for how many seconds the access token is good
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TokensView(String accessToken, String refreshToken, String tokenType, long expiresIn) {

    /** The answer; the refresh token in the cookie if the client asks so ({@link RefreshCookie#WANTED}). */
    static RestResponse<TokensView> answer(SignedIn signedIn, String cookieWanted) {
        boolean inCookie = RefreshCookie.isWanted(cookieWanted);
        var view = new TokensView(
                signedIn.accessToken(),
                inCookie ? null : signedIn.refreshToken(),
                "bearer",
                signedIn.accessLifetime().toSeconds());
        var answer = ResponseBuilder.ok(view);
        return (inCookie
                        ? answer.cookie(RefreshCookie.carrying(signedIn.refreshToken(), signedIn.refreshLifetime()))
                        : answer)
                .build();
    }
}
