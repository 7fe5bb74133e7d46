package dev.customrag.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {

    @ParameterizedTest
    @ValueSource(strings = {"1970-01-01T00:00:00Z", "2026-02-11T09:48:00.123456Z", "9999-12-31T23:59:59.999999Z"})
    void whatWasEncodedIsRead(Instant at) {
        var cursor = new Cursor(at, UUID.randomUUID());

        assertThat(Cursor.decode(cursor.encoded())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "253402300800, 0", "31556889864403199, 0", "9223372036854775807, 0", "0, -1", "0, 1000000000"})
    void aTimeThatIsNoneOfOursIsRefused(long seconds, int nanos) {
        byte[] bytes = ByteBuffer.allocate(28).putLong(seconds).putInt(nanos).array();

        assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    @Test
    void whatIsNoCursorIsRefused() {
        assertRefused("AAAA");
        assertRefused("not base64!");
    }

    private static void assertRefused(String text) {
        assertThatThrownBy(() -> Cursor.decode(text))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.status()).isEqualTo(400));
    }
}
