package dev.customrag.identity;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.binary.Base32;

/**
 * A secret on its way into an authenticator app: {@code otpauth://totp/...}, as in Google Authenticator's "Key Uri
 * Format".
 *
 * @param secret in Base32, for people who type it
 */
record AuthenticatorLink(String secret, String uri) {

    /** Much longer ones no screen shows, and no camera reads. */
    private static final int LONGEST_ACCOUNT = 64;

    /**
     * The link for an account.
     *
     * @param issuer what the app shows beside the account; without a colon
     * @param account an e-mail address
     */
    static AuthenticatorLink of(byte[] secret, String issuer, String account) {
        String text = new Base32().encodeAsString(secret).replace("=", "");
        // A colon ends the issuer, and may not stand in an account, which an address can have it in.
        String label = encoded(issuer) + ":" + encoded(shortened(account).replace(':', '.'));
        return new AuthenticatorLink(
                text,
                "otpauth://totp/" + label + "?secret=" + text + "&issuer=" + encoded(issuer) + "&algorithm=SHA1&digits="
                        + Totp.DIGITS + "&period=" + Totp.STEP_SECONDS);
    }

    private static String shortened(String account) {
        return account.codePointCount(0, account.length()) <= LONGEST_ACCOUNT
                ? account
                : account.substring(0, account.offsetByCodePoints(0, LONGEST_ACCOUNT));
    }

    /** RFC 3986, section 2.1: a plus is a plus here, not a space. */
    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
