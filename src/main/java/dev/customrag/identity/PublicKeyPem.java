package dev.customrag.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * RSA public keys as PEM text (RFC 7468), any number after each other. A private key is taken too, for its public half:
 * whoever replaces a key has that file at hand.
 */
final class PublicKeyPem {

    /** What stands between two blocks is a comment: RFC 7468, section 2. Environment files join the lines of a value. */
    private static final Pattern BLOCK = Pattern.compile("-----BEGIN ([A-Z ]+)-----([^-]*)-----END \\1-----");

    private PublicKeyPem() {}

    /**
     * Reads all keys of a text.
     *
     * @param source the configuration key it came from, to name it where one cannot be read
     */
    static List<RSAPublicKey> decodeAll(String pem, String source) {
        List<RSAPublicKey> keys = new ArrayList<>();
        var block = BLOCK.matcher(pem);
        var rest = new StringBuilder();
        while (block.find()) {
            keys.add(decode(block, source));
            block.appendReplacement(rest, "");
        }
        block.appendTail(rest);
        // Half a block is a key that somebody believes to be in use.
        if (keys.isEmpty() || rest.indexOf("-----") >= 0) {
            throw unreadable(source);
        }
        return keys;
    }

    private static RSAPublicKey decode(MatchResult block, String source) {
        try {
            return switch (block.group(1)) {
                case "PRIVATE KEY" -> PrivateKeyPem.publicHalf(PrivateKeyPem.decode(block.group(), source));
                case "PUBLIC KEY" ->
                    (RSAPublicKey)
                            KeyUtils.decodePublicKey(block.group(2).replaceAll("\\s", ""), SignatureAlgorithm.RS256);
                default -> throw unreadable(source);
            };
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause may quote what stands there, which may be a private key under a wrong label.
            throw unreadable(source);
        }
    }

    private static ConfigurationException unreadable(String source) {
        return new ConfigurationException(source + " is not RSA public keys in PEM (each begins with"
                + " -----BEGIN PUBLIC KEY-----). Make one from its private key with:"
                + " openssl pkey -in signing-key.pem -pubout -out public-key.pem");
    }
}
