package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LanguageTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            How long is the notice period?                     | ENGLISH
            What is the rent?                                  | ENGLISH
            Wie lang ist die Kündigungsfrist?                  | GERMAN
            Was kostet das?                                    | GERMAN
            Quelle est la durée du préavis ?                   | FRENCH
            ¿Cuál es el plazo de preaviso?                     | SPANISH
            Qual è il periodo di preavviso?                    | ITALIAN
            Qual é o prazo de aviso prévio do contrato?        | PORTUGUESE
            Hoe lang is de opzegtermijn van het contract?      | DUTCH
            解約の予告期間はどれくらいですか。                   | JAPANESE
            解约通知期是多久？                                  | CHINESE
            해지 통지 기간은 얼마나 됩니까?                      | KOREAN
            P-200                                              |
            Сколько стоит аренда?                              |
            """)
    void theLanguageOfAQuestionIsTold(String question, Language language) {
        assertThat(Language.of(question).orElse(null)).isEqualTo(language);
    }
}
