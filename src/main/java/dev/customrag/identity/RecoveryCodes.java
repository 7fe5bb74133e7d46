package dev.customrag.identity;

import dev.customrag.http.Ids;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What gets people in who lost their authenticator: ten codes, each good once. A code is 24 letters and digits of 5 bits,
 * 120 bits in all: from 112 on a plain hash will do, says OWASP ASVS 5.0, 6.5.2.
 */
@ApplicationScoped
class RecoveryCodes {

    static final int COUNT = 10;

    /** Letters and digits of a code, without what people write between them. */
    static final int LENGTH = 24;

    /** Crockford's Base32: none of them is taken for another. */
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final int GROUP = 6;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    RecoveryCodes(Clock clock) {
        this.clock = clock;
    }

    /** Gives somebody new codes in place of those they had. They cannot be shown again. */
    @Transactional(TxType.MANDATORY)
    List<String> renew(UUID userId) {
        RecoveryCode.deleteOf(userId);
        List<String> codes = Stream.generate(this::code).limit(COUNT).toList();
        for (String code : codes) {
            var row = new RecoveryCode();
            row.id = Ids.next();
            row.userId = userId;
            row.codeHash = Sha256.of(code);
            row.persist();
        }
        return grouped(codes);
    }

    /**
     * Uses a code up. False if it is none of theirs, or was used before.
     *
     * @param code without spaces and dashes
     */
    @Transactional(TxType.MANDATORY)
    boolean use(UUID userId, String code) {
        return RecoveryCode.use(userId, Sha256.of(code), clock.instant());
    }

    private String code() {
        return random.ints(LENGTH, 0, ALPHABET.length())
                .mapToObj(i -> ALPHABET.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    private static List<String> grouped(List<String> codes) {
        return codes.stream()
                .map(code -> IntStream.range(0, LENGTH / GROUP)
                        .mapToObj(i -> code.substring(i * GROUP, (i + 1) * GROUP))
                        .collect(Collectors.joining("-")))
                .toList();
    }
}
