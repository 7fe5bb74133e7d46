package dev.customrag.identity;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A code as a person typed it, with the spaces and dashes it is shown with, and with letters that look like others.
 *
 * @param text without them
 */
record TypedCode(String text) {

    private static final Pattern BETWEEN = Pattern.compile("[\\s\\u00a0\\u2010-\\u2015-]+");

    TypedCode {
        text = BETWEEN.matcher(text).replaceAll("").toUpperCase(Locale.ROOT);
    }

    /** Six digits; else it can be a recovery code only. */
    boolean isTotp() {
        return text.length() == Totp.DIGITS && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
    }

    /** As {@link RecoveryCodes} writes it, whatever it was taken for: Crockford's Base32, "Decode Symbol". */
    String asRecoveryCode() {
        return text.replace('O', '0').replace('I', '1').replace('L', '1');
    }
}
