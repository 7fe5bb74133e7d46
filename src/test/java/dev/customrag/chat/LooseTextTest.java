package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LooseTextTest {

    /** A text, words sought in it, and what is found. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '@', textBlock = """
            The notice period is three months.       | notice period             | notice period
            The NOTICE\\n  period is three months.   | notice period             | NOTICE\\n  period
            The no-\\ntice pe\u00adriod is over.     | notice period             | no-\\ntice pe\u00adriod
            A long-term lease                        | long–term                 | long-term
            A lease – a long one – it is             | a lease - a long one      | A lease – a long one
            He said “it's over” then                 | said "it’s over"          | said “it's over”
            The ﬁrst oﬃce                            | first office              | ﬁrst oﬃce
            Cafe\u0301 Straße                        | café strasse              | Cafe\u0301 Straße
            ＡＢＣ　１２３                            | abc 123                   | ＡＢＣ　１２３
            Zero\u200bwidth                          | zerowidth                 | Zero\u200bwidth
            Very **bold** text                       | very bold text            | Very **bold** text
            See [17] there                           | see (17) there            | See [17] there
            It is -5 degrees                         | is −5 degrees             | is -5 degrees
            It is 5 degrees                          | is -5 degrees             |
            The rental is due                        | rent                      |
            The current is on                        | rent is                   |
            Three months                             | four months               |
            Τέλος τέλος                              | ΤΈΛΟΣ                     | Τέλος
            解約の予告期間は三か月です。               | 予告期間                   | 予告期間
            x😀y                                     | X😀Y                      | x😀y
            """)
    void wordsAreFoundHoweverTheyAreSet(String text, String words, String found) {
        String original = text.replace("\\n", "\n");

        assertThat(new LooseText(original).find(words, 0).map(range -> range.of(original)))
                .isEqualTo(Optional.ofNullable(found).map(each -> each.replace("\\n", "\n")));
    }

    @Test
    void whatStandsThereExactlyGoesBeforeWhatIsMerelyAlike() {
        assertThat(new LooseText("THE RENT, the rent").find("the rent", 0)).contains(new TextRange(10, 18));
        assertThat(new LooseText("The rent, THE RENT").find("the rent", 3)).contains(new TextRange(10, 18));
        assertThat(new LooseText("").find("the rent", 0)).isEmpty();
        assertThat(new LooseText("the rent").find(" ", 0)).isEmpty();
        assertThat(new LooseText("the rent").find("**", 0)).isEmpty();
    }
}
