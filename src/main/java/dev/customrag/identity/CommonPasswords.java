package dev.customrag.identity;

import io.quarkus.runtime.Startup;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import me.gosimple.nbvcxz.resources.DictionaryUtil;

/**
 * The 100,000 passwords most often found in breaches (SecLists' "10-million-password-list-top-100000", as the library
 * nbvcxz carries it), some 38,000 of them long enough to be chosen here: OWASP ASVS 5.0, 6.2.4 and 6.2.12. They are kept
 * as 64-bit fingerprints: 0.8 MB instead of 8, and the chance that another text is taken for one of them is 1 in 10^14.
 * Read at the start, so that a package without the list does not begin to work.
 */
@Startup
@ApplicationScoped
class CommonPasswords {

    private static final String LIST = "/dictionaries/passwords.txt";

    private static final Pattern ACCENTS = Pattern.compile("[\\u0300-\\u036f]");

    private final long[] fingerprints;

    CommonPasswords() {
        try (var list = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(DictionaryUtil.class.getResourceAsStream(LIST), LIST),
                StandardCharsets.UTF_8))) {
            fingerprints = list.lines()
                    .map(CommonPasswords::folded)
                    .mapToLong(CommonPasswords::fingerprint)
                    .sorted()
                    .toArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a {@linkplain #folded folded} text is in the list, as a whole: NIST SP 800-63B, 3.1.1.2. */
    boolean contain(String folded) {
        return Arrays.binarySearch(fingerprints, fingerprint(folded)) >= 0;
    }

    /** What looks alike made the same: without case, accents and the width of letters. */
    static String folded(String text) {
        if (text.chars().allMatch(character -> character < 0x80)) {
            return text.toLowerCase(Locale.ROOT);
        }
        String apart = Normalizer.normalize(text, Normalizer.Form.NFKD);
        return Normalizer.normalize(ACCENTS.matcher(apart).replaceAll(""), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT);
    }

    /** FNV-1a: that somebody could find other texts with the same one costs them no more than another password. */
    private static long fingerprint(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
