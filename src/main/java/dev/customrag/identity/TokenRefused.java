package dev.customrag.identity;

/** A token is not believed. It does not say why: that helps attackers only. */
class TokenRefused extends Exception {

    private static final long serialVersionUID = 1L;

    TokenRefused() {
        super("Token refused", null, false, false);
    }
}
