package dev.customrag.identity;

import dev.customrag.http.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.UUID;

/** A sign-in through a provider, or a change of who may vouch for an account, that does not happen. */
final class SocialRefusal extends Problem {

    private static final long serialVersionUID = 1L;

    private UUID account;

    private SocialRefusal(int status, String slug, String title, String detail) {
        super(status, slug, title, detail);
    }

    /** The same, with whose account was tried. */
    SocialRefusal on(UUID userId) {
        account = userId;
        return this;
    }

    /** Whose account was tried, for the record; null if that is unknown. */
    UUID account() {
        return account;
    }

    /** No attempt of this browser's is waiting for this answer: forged, replayed or too late. */
    static SocialRefusal noSuchAttempt() {
        return new SocialRefusal(
                400,
                "social-state-invalid",
                "Bad request",
                "This sign-in was not begun in this browser, is over, or took too long. Start again.");
    }

    /** The provider does not know the code, or no longer. */
    static SocialRefusal codeRefused() {
        return new SocialRefusal(
                400,
                "social-code-refused",
                "Bad request",
                "The provider did not accept its own answer; it may have been used before. Start again.");
    }

    /** What the provider says is not proven to be its word, to us, about this attempt. */
    static SocialRefusal notBelieved() {
        var refusal = new SocialRefusal(
                401,
                "social-token-refused",
                "Unauthorized",
                "The provider's answer could not be verified. Start again.");
        refusal.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return refusal;
    }

    /** The person said no at the provider. */
    static SocialRefusal accessDenied() {
        return new SocialRefusal(
                403,
                "social-access-denied",
                "Forbidden",
                "The provider was not allowed to say who you are. Start again and agree, or sign in another way.");
    }

    /** An account cannot be opened, or found, by an address that is not known to be the person's. */
    static SocialRefusal addressNotVerified() {
        return new SocialRefusal(
                403,
                "social-email-unverified",
                "Forbidden",
                "The provider does not confirm an e-mail address of yours. Verify it there, or sign in with your"
                        + " password and connect the provider in your account.");
    }

    /** The account of the address has not proven that it is theirs: whoever opened it may be somebody else. */
    static SocialRefusal accountNotLinked() {
        return new SocialRefusal(
                409,
                "social-account-not-linked",
                "Conflict",
                "There is an account with this e-mail address, but its address is not verified. Sign in with its"
                        + " password and verify the address, or connect the provider in the account.");
    }

    static SocialRefusal accountInactive() {
        return new SocialRefusal(
                403, "account-inactive", "Forbidden", "This account is deactivated. Ask an administrator.");
    }

    /** Another account has it. */
    static SocialRefusal takenByAnother() {
        return new SocialRefusal(
                409,
                "social-identity-taken",
                "Conflict",
                "This account at the provider is connected to another account here. Disconnect it there first.");
    }

    /** Nobody could sign in to the account any more. */
    static SocialRefusal lastWayIn() {
        return new SocialRefusal(
                409,
                "last-way-to-sign-in",
                "Conflict",
                "This is the only way to sign in to the account. Set a password or connect another provider first.");
    }

    /** The provider does not answer, or not as it should. */
    static SocialRefusal providerFailed() {
        return new SocialRefusal(
                502,
                "social-provider-failed",
                "Bad gateway",
                "The provider cannot sign people in at the moment. Try again later, or sign in another way.");
    }

    static SocialRefusal providerTooSlow() {
        return new SocialRefusal(
                504,
                "social-provider-timeout",
                "Gateway timeout",
                "The provider took too long to answer. Try again later, or sign in another way.");
    }
}
