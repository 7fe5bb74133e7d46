package dev.customrag.identity;

import java.util.Optional;

/**
 * A token is not believed. To whoever sent it nobody says why: that helps attackers only. For the record it has what the
 * token says if it is out of date and all else about it is right.
 */
class TokenRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Token expired;

    TokenRefused() {
        this(null);
    }

    TokenRefused(Token expired) {
        super("Token refused", null, false, false);
        this.expired = expired;
    }

    /** What it says that was once good; empty for one that never was. */
    Optional<Token> expired() {
        return Optional.ofNullable(expired);
    }
}
