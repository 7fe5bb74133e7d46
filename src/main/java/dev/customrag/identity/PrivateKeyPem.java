package dev.customrag.identity;

import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.util.KeyUtils;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/** RSA private keys as PKCS#8 PEM text (RFC 7468, section 10), what openssl genpkey writes. */
final class PrivateKeyPem {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final Pattern BLOCK = Pattern.compile(BEGIN + "([^-]*)" + END);

    private PrivateKeyPem() {}

    /**
     * Reads a key.
     *
     * @param source the configuration key it came from, to name it where it cannot be read
     */
    static RSAPrivateCrtKey decode(String pem, String source) {
        try {
            // The public half is derived from it, which takes the prime factors that PKCS#8 carries.
            var block = BLOCK.matcher(pem);
            if (block.find()
                    && KeyUtils.decodePrivateKey(block.group(1).replaceAll("\\s", ""), SignatureAlgorithm.RS256)
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
        return generate(bits, RSAKeyGenParameterSpec.F4);
    }

    static RSAPrivateCrtKey generate(int bits, BigInteger publicExponent) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(new RSAKeyGenParameterSpec(bits, publicExponent));
            return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static RSAPublicKey publicHalf(RSAPrivateCrtKey key) {
        try {
            var spec = new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent());
            return (RSAPublicKey) KeyFactory.getInstance("RSA").generatePublic(spec);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
