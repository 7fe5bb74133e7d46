package dev.customrag.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTextTest {

    private final SecureRandom random = new SecureRandom();

    @Test
    void keysAreOfOneShapeAndNeverTheSame() {
        var keys = Stream.generate(() -> KeyText.random(random).value())
                .limit(1000)
                .toList();

        assertThat(keys)
                .doesNotHaveDuplicates()
                .allMatch(key -> key.matches("cra_[0-9A-Za-z]{49}"))
                .allMatch(key -> KeyText.read(key).isPresent());
    }

    /** The checksum of {@code 0…0} and of {@code 1…1}, 43 of them, by another implementation of CRC-32 (zlib's). */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "cra_00000000000000000000000000000000000000000002CZclj",
                "cra_111111111111111111111111111111111111111111136KLs9"
            })
    void scannersCanComputeTheChecksum(String key) {
        assertThat(KeyText.read(key)).isPresent();
    }

    @Test
    void aChangedCharacterIsNoticed() {
        String key = KeyText.random(random).value();
        for (int i = 0; i < key.length(); i++) {
            char other = key.charAt(i) == 'x' ? 'y' : 'x';

            assertThat(KeyText.read(key.substring(0, i) + other + key.substring(i + 1)))
                    .isEmpty();
        }
        assertThat(KeyText.read(key + "0")).isEmpty();
        assertThat(KeyText.read(key.substring(0, key.length() - 1))).isEmpty();
        assertThat(KeyText.read(key + "\n")).isEmpty();
        assertThat(KeyText.read("")).isEmpty();
    }

    @Test
    void theHashIsSha256OfTheWholeText() throws Exception {
        KeyText key = KeyText.random(random);

        assertThat(key.hash())
                .isEqualTo(
                        MessageDigest.getInstance("SHA-256").digest(key.value().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void whoPrintsItSeesTheHintOnly() {
        KeyText key = KeyText.random(random);

        assertThat(key.hint()).hasSize(8).isEqualTo(key.value().substring(0, 8));
        assertThat(key).hasToString(key.hint() + "…");
    }
}
