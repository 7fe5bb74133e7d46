package dev.customrag.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IndexedTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "The rent is 950 euros.|The rent is 950 euros.",
                "tenant and/or lessee|tenant and or lessee",
                "解約通知|' 解約 約通 通知 '",
                "カード払い|' カー ード ド払 払い '",
                "계약 해지|' 계약   해지 '",
                "犬|犬",
                "ISO 9001認証|ISO 9001' 認証 '",
                "𠮷野家|' 𠮷野 野家 '"
            })
    void whatTheParserTakesForOneWordIsTakenApart(String text, String words) {
        assertThat(IndexedText.of(text)).isEqualTo(words.replace("'", ""));
    }
}
