package dev.customrag.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Base64;

/** RSA private keys as PKCS#8 PEM text (RFC 7468, section 10), what openssl genpkey writes. */
final class PrivateKeyPem {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private PrivateKeyPem() {}

    /**
     * Reads a key.
     *
     * @param source the configuration key it came from, to name it where it cannot be read
     */
    static RSAPrivateCrtKey decode(String pem, String source) {
        try {
            // The public half is derived from it, which takes the prime factors that PKCS#8 carries.
            if (pem.contains(BEGIN)
                    && KeyUtils.decodePrivateKey(pem.strip(), SignatureAlgorithm.RS256)
                            instanceof RSAPrivateCrtKey key) {
                return key;
            }
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // The cause may quote the key.
        }
        throw new ConfigurationException(source + " is not an RSA private key in PKCS#8 PEM (it begins with " + BEGIN
                + "). Convert one with: openssl pkcs8 -topk8 -nocrypt -in old.pem -out signing-key.pem");
    }

    static String encode(PrivateKey key) {
        var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
        return BEGIN + "\n" + lines.encodeToString(key.getEncoded()) + "\n" + END + "\n";
    }

    static RSAPrivateCrtKey generate(int bits) {
        try {
            return (RSAPrivateCrtKey) KeyUtils.generateKeyPair(bits).getPrivate();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
