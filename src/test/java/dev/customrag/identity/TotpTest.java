package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TotpTest {

    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    /** RFC 6238, appendix B: the SHA-1 ones, of which six digits are the last six. */
    @ParameterizedTest
    @CsvSource({
        "59,287082,1",
        "1111111109,081804,37037036",
        "1111111111,050471,37037037",
        "1234567890,005924,41152263",
        "2000000000,279037,66666666",
        "20000000000,353130,666666666"
    })
    void theVectorsOfTheStandardAreMet(long second, String code, long step) {
        assertThat(at(second).steps(SECRET, code)).containsExactly(step);
    }

    @Test
    void aCodeCountsFromAStepBeforeItsOwnToAStepAfter() {
        String code = "005924";
        long begin = 41152263L * 30;

        assertThat(at(begin - 31).steps(SECRET, code)).isEmpty();
        assertThat(at(begin - 30).steps(SECRET, code)).containsExactly(41152263L);
        assertThat(at(begin).steps(SECRET, code)).containsExactly(41152263L);
        assertThat(at(begin + 59).steps(SECRET, code)).containsExactly(41152263L);
        assertThat(at(begin + 60).steps(SECRET, code)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5924", "05924", "0005924", "005925", "٠٠٥٩٢٤", "-05924", "ABCDEF"})
    void whatIsNoCodeOfTheseStepsIsNone(String code) {
        assertThat(at(1234567890).steps(SECRET, code)).isEmpty();
    }

    @Test
    void aCodeIsWrittenInTheSameDigitsOnEveryMachine() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            assertThat(at(59).steps(SECRET, "287082")).containsExactly(1L);
        } finally {
            Locale.setDefault(usual);
        }
    }

    @Test
    void noTwoSecretsAreTheSame() {
        Totp totp = at(0);

        assertThat(IntStream.range(0, 100).mapToObj(i -> totp.newSecret()))
                .allMatch(secret -> secret.length == 20)
                .doesNotHaveDuplicates();
    }

    private static Totp at(long second) {
        return new Totp(Clock.fixed(Instant.ofEpochSecond(second), ZoneOffset.UTC));
    }
}
