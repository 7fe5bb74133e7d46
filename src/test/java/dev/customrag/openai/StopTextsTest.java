package dev.customrag.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StopTextsTest {

    private static final String ANSWER = "One, two.\n\nEND of it, ENDING.";

    /** However the answer is cut into pieces. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 100})
    void anAnswerEndsBeforeTheFirst(int size) {
        assertThat(passed(size, "END OF", "END")).isEqualTo("One, two.\n\n");
        assertThat(passed(size, "\n\n", "END")).isEqualTo("One, two.");
        assertThat(passed(size, "ENDLESS", "\n\n\n")).isEqualTo(ANSWER);
        assertThat(passed(size)).isEqualTo(ANSWER);
        assertThat(passed(size, "One")).isEmpty();
    }

    @Test
    void onlyWhatMayBeTheBeginningOfOneWaits() {
        var stops = new StopTexts(List.of("STOP"));

        assertThat(stops.pass("Bus")).isEqualTo("Bus");
        assertThat(stops.pass(" ST")).isEqualTo(" ");
        assertThat(stops.pass("AND")).isEqualTo("STAND");
        assertThat(stops.pass("STO")).isEmpty();
        assertThat(stops.rest()).isEqualTo("STO");
        assertThat(stops.met()).isFalse();
    }

    private static String passed(int size, String... texts) {
        var stops = new StopTexts(List.of(texts));
        var passed = new StringBuilder();
        for (int i = 0; i < ANSWER.length(); i += size) {
            passed.append(stops.pass(ANSWER.substring(i, Math.min(ANSWER.length(), i + size))));
        }
        return passed.append(stops.rest()).toString();
    }
}
