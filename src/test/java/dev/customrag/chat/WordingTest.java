package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordingTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,000     | 1000
            1.000     | 1000
            1’000     | 1000
            10 000    | 10 0 10000
            1,000.50  | 1000.5
            1.000,50  | 1000.5
            950.00    | 950
            1.5       | 1.5
            1,5       | 1.5
            007       | 7
            31.12.2024| 31 12 2024
            14:30     | 14 30
            45l       | 45
            QX-7416   | 7416
            twelve    | 12
            one       |
            ②         | 2
            ٣٥        | ٣٥
            """)
    void figuresHaveOneForm(String text, String figures) {
        assertThat(Wording.of(text, Language.ENGLISH).figures())
                .containsExactlyInAnyOrder(figures == null ? new String[0] : figures.split(" "));
    }

    @Test
    void wordsThatCarryMeaningAreToldFromOthers() {
        Wording wording = Wording.of("The rent of the café is paid by Marta to ACME", Language.ENGLISH);

        assertThat(wording.words()).containsExactly("rent", "cafe", "paid", "marta", "acme");
        assertThat(wording.names()).containsExactly("marta", "acme");
        assertThat(Wording.of("Die Miete zahlt Marta an die ACME", Language.GERMAN)
                        .names())
                .containsExactly("acme");
        assertThat(Wording.of("予告期間", null).words()).containsExactly("予告", "告期", "期間");
    }

    @Test
    void wordsAreFoundWithOtherEndings() {
        var vocabulary = new Wording.Vocabulary(java.util.List.of("months", "returned", "tenant", "pet"));

        assertThat(vocabulary.has("month")).isTrue();
        assertThat(vocabulary.has("return")).isTrue();
        assertThat(vocabulary.has("pets")).isTrue();
        assertThat(vocabulary.has("tent")).isFalse();
        assertThat(vocabulary.has("monsoon")).isFalse();
    }
}
