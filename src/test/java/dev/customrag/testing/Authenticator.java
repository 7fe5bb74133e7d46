package dev.customrag.testing;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a person's telephone does: makes codes from a secret. By RFC 6238 alone, not by the service's library, so that they
 * check each other.
 */
public final class Authenticator {

    private static final String BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private final Person owner;
    private final byte[] secret;
    private long lastStep;

    private Authenticator(Person owner, String secret) {
        this.owner = owner;
        this.secret = decoded(secret);
    }

    /** One with a secret. */
    public static Authenticator of(Person owner, String secret) {
        return new Authenticator(owner, secret);
    }

    /** The code of this moment, for who needs one only. */
    public static String codeOf(String secret) {
        return of(null, secret).at(0);
    }

    /** Enrols one for somebody who has none; it is not confirmed. */
    public static Authenticator begun(Person owner) {
        return of(
                owner,
                owner.request()
                        .post("/auth/mfa/totp")
                        .then()
                        .statusCode(200)
                        .extract()
                        .path("secret"));
    }

    /** Enrols and confirms one; gives the recovery codes to {@code codes}. */
    public static Authenticator confirmed(Person owner, List<String> codes) {
        Authenticator phone = begun(owner);
        codes.addAll(owner.json(Map.of("code", phone.next()))
                .post("/auth/mfa/totp/confirm")
                .then()
                .statusCode(200)
                .extract()
                .path("recovery_codes"));
        return phone;
    }

    /**
     * A code that was not given out before, and that is good for half a minute at least. More than two of them are not to
     * be had at a time; then the service is made to forget the ones before.
     */
    public String next() {
        long now = now();
        long step = Math.max(now, lastStep + 1);
        if (step > now + 1) {
            Sql.update("UPDATE second_factors SET last_step = 0 WHERE user_id = ?", owner.id());
            step = now;
        }
        lastStep = step;
        return code(step);
    }

    /** A code that is none of these minutes. */
    public String wrong() {
        long step = now() + 1000;
        while (code(step).equals(code(now() - 1))
                || code(step).equals(code(now()))
                || code(step).equals(code(now() + 1))) {
            step++;
        }
        return code(step);
    }

    /** The code some steps from now. */
    public String at(int steps) {
        return code(now() + steps);
    }

    private String code(long step) {
        try {
            var mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secret, "HmacSHA1"));
            byte[] hash =
                    mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
            int number = ByteBuffer.wrap(hash).getInt(hash[hash.length - 1] & 0xf) & Integer.MAX_VALUE;
            return "%06d".formatted(number % 1_000_000);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static long now() {
        return System.currentTimeMillis() / 30_000;
    }

    private static byte[] decoded(String base32) {
        var bytes = ByteBuffer.allocate(base32.length() * 5 / 8);
        int buffer = 0;
        int bits = 0;
        for (char letter : base32.toCharArray()) {
            buffer = buffer << 5 | BASE32.indexOf(letter);
            bits += 5;
            if (bits >= 8) {
                bits -= 8;
                bytes.put((byte) (buffer >> bits));
            }
        }
        return bytes.array();
    }
}
