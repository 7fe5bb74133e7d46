package dev.customrag.model.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.model.Generation;
import dev.customrag.model.ModelCall;
import dev.customrag.model.NumberedSources;
import dev.customrag.model.NumberedSources.Source;
import dev.customrag.testing.BesideOthers;
import dev.customrag.testing.HeardAnswer;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@BesideOthers
class ExtractiveAnswererTest {

    private static final List<Source> HANDBOOK = List.of(
            new Source(1, "handbook.pdf, page 1", """
                    Annual leave

                    Every full-time employee receives 28 days of paid leave per calendar year. Unused days expire on
                    31 March of the following year unless a manager agrees otherwise in writing. Leave is requested in
                    the staff portal at least two weeks ahead."""),
            new Source(2, "handbook.pdf, page 4", """
                    Expenses

                    Travel by rail is reimbursed in second class. Hotel costs are covered up to 140 euros per night.
                    Receipts must be submitted within 30 days of the journey; late claims are not paid."""),
            new Source(3, "security.md", """
                    Passwords must have at least fourteen characters. Laptops are encrypted and lock after five minutes
                    without use. Lost devices must be reported to the service desk within one hour."""),
            new Source(4, "pump.txt", """
                    The P-200 pump delivers 45 litres per minute at 3 bar. Its motor is rated for 1.5 kW. Replace the
                    shaft seal every 4,000 operating hours. Do not run the pump dry: the bearings overheat within
                    seconds."""),
            new Source(5, "history.html", """
                    The company was founded in Rotterdam in 1987 by Marta de Vries and her brother. In 2003 it moved its
                    headquarters to Utrecht. Today it employs about 420 people in six countries."""));

    private static LocalEmbedding embedding;
    private static ExtractiveAnswerer answerer;

    @BeforeAll
    static void load() {
        embedding = new LocalEmbedding(new LocalEmbeddingTest.Lanes(1, 2));
        answerer = new ExtractiveAnswerer(embedding);
    }

    @AfterAll
    static void close() {
        embedding.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            How many vacation days do I get?        | “Every full-time employee receives 28 days of paid leave per calendar year.” [1]
            Until when can I use leftover holiday?  | “Unused days expire on 31 March of the following year unless a manager agrees otherwise in writing.” [1]
            How do I request leave?                 | “Leave is requested in the staff portal at least two weeks ahead.” [1]
            Which train class is paid?              | “Travel by rail is reimbursed in second class.” [2]
            What is the maximum hotel price?        | “Hotel costs are covered up to 140 euros per night.” [2]
            When do I have to hand in receipts?     | “Receipts must be submitted within 30 days of the journey; late claims are not paid.” [2]
            How long must a password be?            | “Passwords must have at least fourteen characters.” [3]
            What do I do when I lose my laptop?     | “Lost devices must be reported to the service desk within one hour.” [3]
            What is the flow rate of the P-200?     | “The P-200 pump delivers 45 litres per minute at 3 bar.” [4]
            motor power P-200                       | “Its motor is rated for 1.5 kW.” [4]
            How often is the shaft seal replaced?   | “Replace the shaft seal every 4,000 operating hours.” [4]
            What happens when the pump runs dry?    | “Do not run the pump dry: the bearings overheat within seconds.” [4]
            Who founded the company?                | “The company was founded in Rotterdam in 1987 by Marta de Vries and her brother.” [5]
            when was the firm started               | “The company was founded in Rotterdam in 1987 by Marta de Vries and her brother.” [5]
            Where is the headquarters?              | “In 2003 it moved its headquarters to Utrecht.” [5]
            How many employees does the company have?| “Today it employs about 420 people in six countries.” [5]
            """)
    void quotesTheSentenceThatAnswersAndCitesItsSource(String question, String quotation) {
        String answer = answer(question, HANDBOOK);

        assertThat(answer).startsWith(ExtractiveAnswerer.OPENING + "\n\n“").contains(quotation);
        assertThat(answer.split("\n\n")).hasSizeBetween(2, 5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "What is the capital of France?",
                "Who won the world cup in 1998?",
                "How do I bake sourdough bread?",
                "What is the CEO's salary?",
                "Can I bring my dog to the office?",
                "Which programming language is used?",
                "How do I reset my email account?",
                "Is the cafeteria open on Sundays?",
                "Explain quantum entanglement.",
                "What is the mileage allowance for private cars?",
                "What were the revenues in 2020?",
                "Does the company offer a pension plan?",
                "Write a poem about the sea",
                "hello",
                "?"
            })
    void declinesWhatTheSourcesDoNotContain(String question) {
        assertThat(answer(question, HANDBOOK)).isEqualTo(ExtractiveAnswerer.NOTHING_FITS);
    }

    @Test
    void saysWithoutSourcesThatItCanOnlyQuote() {
        assertThat(answer("How long must a password be?", List.of())).isEqualTo(ExtractiveAnswerer.NO_SOURCES);
    }

    @Test
    void streamsWordByWordAndEndsWithTheWholeText() {
        var heard = new HeardAnswer();
        answerer.chat(NumberedSources.write("How long must a password be?", HANDBOOK), heard);

        ChatResponse response = heard.complete();

        assertThat(heard.text()).isEqualTo(response.aiMessage().text());
        assertThat(heard.pieces()).startsWith("I ", "am ", "not ", "a ").hasSizeGreaterThan(15);
        assertThat(heard.endings()).isEqualTo(1);
        assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
        assertThat(response.modelName()).isEqualTo("local-extractive");
        assertThat(response.tokenUsage().inputTokenCount()).isGreaterThan(100);
        assertThat(response.tokenUsage().outputTokenCount())
                .isEqualTo((heard.text().length() + 3) / 4);
    }

    @Test
    void readsTheLastQuestionOfAConversation() {
        var heard = new HeardAnswer();
        answerer.chat(
                List.of(
                        SystemMessage.from("Answer from the sources."),
                        UserMessage.from(NumberedSources.write("Who founded the company?", HANDBOOK)),
                        AiMessage.from("Marta de Vries [5]"),
                        UserMessage.from(NumberedSources.write("How long must a password be?", HANDBOOK))),
                heard);

        assertThat(heard.complete().aiMessage().text())
                .contains("fourteen characters")
                .doesNotContain("Marta");
    }

    @Test
    void aMarkInTheTextOfADocumentIsNotACitation() {
        var source = new Source(1, "paper.pdf", "Passwords must have at least fourteen characters [2, 17].");

        assertThat(answer("How long must a password be?", List.of(source)))
                .endsWith("“Passwords must have at least fourteen characters (2, 17).” [1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[2]", "[2, 17]", "[[2]]", "【2†source】", "［２］", "〔2〕", "[1-3]", "[Source 2]", "\\[2\\]", "[٢]"})
    void noMarkOfADocumentPassesForOneOfOurs(String mark) {
        var source = new Source(1, "paper.pdf", "Passwords must have at least fourteen characters " + mark + ".");

        String answer = answer("How long must a password be?", List.of(source));

        assertThat(answer).startsWith(ExtractiveAnswerer.OPENING).endsWith("” [1]");
        assertThat(answer.substring(0, answer.length() - " [1]".length()))
                .doesNotContainPattern("[\\[［〔【]\\\\?(?:Source )?\\p{Nd}");
    }

    @Test
    void aDocumentCannotEndItsQuotation() {
        var source = new Source(
                1, "a.txt", "Passwords must have at least fourteen characters” and I am a language model “or so.");

        assertThat(answer("How long must a password be?", List.of(source)))
                .endsWith("“Passwords must have at least fourteen characters’ and I am a language model ‘or so.” [1]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Сколько дней отпуска получает сотрудник?  | Каждый сотрудник получает 28 дней отпуска в год.
            年假有二十八天吗？                           | 员工每年的年假有二十八天。
            Πόσες ημέρες άδειας έχει ο υπάλληλος;      | Κάθε υπάλληλος έχει 28 ημέρες άδειας το χρόνο.
            """)
    void questionsInOtherScriptsAreAnsweredByTheirWords(String question, String sentence) {
        var sources = List.of(
                new Source(1, "a", "Пароль должен быть длинным. 密码必须至少有十四个字符。 Ο κωδικός πρέπει να είναι μεγάλος."),
                new Source(2, "b", sentence));

        assertThat(answer(question, sources)).contains("“" + sentence + "” [2]").doesNotContain("[1]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "法国的首都是哪里？",
                "Какая столица у Франции?",
                "ما هي عاصمة فرنسا؟",
                "फ्रांस की राजधानी क्या है?",
                "프랑스의 수도는 어디입니까?",
                "ประเทศฝรั่งเศสมีเมืองหลวงชื่ออะไร",
                "𞤀𞤣𞤤𞤢𞤥 𞤖𞤵𞤤",
                "👩‍👩‍👧 ??? 🏴"
            })
    void declinesInOtherScriptsToo(String question) {
        assertThat(answer(question, HANDBOOK)).isEqualTo(ExtractiveAnswerer.NOTHING_FITS);
    }

    @Test
    void aVeryLongQuestionIsReadFromBothEnds() {
        String long32k = "How long must a password be? " + "😀 and so on ".repeat(2_500);
        long began = System.nanoTime();

        assertThat(answer(long32k + "How long must a password be?", HANDBOOK)).startsWith("I am not a language model");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void quotesASentenceOnceWhereSourcesOverlap() {
        String sentence = "Passwords must have at least fourteen characters.";
        var sources = List.of(new Source(1, "a", sentence), new Source(2, "b", "Preface follows here. " + sentence));

        assertThat(answer("How long must a password be?", sources))
                .containsOnlyOnce("fourteen characters")
                .contains("[1]");
    }

    @Test
    void manySourcesAreJudgedInBoundedTime() {
        var filler = new StringBuilder();
        for (int i = 0; i < 3_000; i++) {
            filler.append("Row ").append(i).append(" of the table holds a number. ");
        }
        filler.append("Passwords must have at least fourteen characters.");

        assertThat(answer("How long must a password be?", List.of(new Source(1, "long.txt", filler.toString()))))
                .contains("fourteen characters");
    }

    @Test
    void nothingIsHeardAfterACancellation() throws InterruptedException {
        var heard = new HeardAnswer(StreamingHandle::cancel);
        answerer.chat(NumberedSources.write("How long must a password be?", HANDBOOK), heard);
        heard.begun();
        Thread.sleep(300);

        assertThat(heard.pieces()).containsExactly("I ");
        assertThat(heard.endings()).isZero();
    }

    @Test
    void aCallCanBeCancelledBetweenWords() throws InterruptedException {
        var words = new AtomicInteger();
        var heard = new HeardAnswer(handle -> {
            if (words.incrementAndGet() == 3) {
                handle.cancel();
            }
        });
        answerer.chat(NumberedSources.write("How long must a password be?", HANDBOOK), heard);
        heard.begun();
        Thread.sleep(300);

        assertThat(heard.pieces()).containsExactly("I ", "am ", "not ");
        assertThat(heard.endings()).isZero();
    }

    static Stream<Path> injections() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/injection"))) {
            return files.sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("injections")
    void ordersInDocumentsAreQuotedAtMost(Path file) throws IOException {
        var sources = List.of(HANDBOOK.getFirst(), new Source(2, "hostile", Files.readString(file)));

        String answer = answer("How long is the warranty of the heat pump?", sources);

        assertThat(answer).startsWith(ExtractiveAnswerer.OPENING).endsWith("” [2]");
        assertThat(answer.split("\n\n"))
                .allMatch(part -> part.equals(ExtractiveAnswerer.OPENING) || part.matches("(?s)“[^“”]*” \\[[12]]"));
    }

    @Test
    void aCallCanBeCancelledBeforeItsFirstWord() throws InterruptedException {
        var heard = new HeardAnswer();
        var call = new ModelCall(answerer, Generation.DEFAULT);
        call.cancel();
        call.chat(NumberedSources.write("How long must a password be?", HANDBOOK), heard);
        Thread.sleep(300);

        assertThat(heard.pieces()).isEmpty();
        assertThat(heard.endings()).isZero();
    }

    private static String answer(String question, List<Source> sources) {
        var heard = new HeardAnswer();
        answerer.chat(NumberedSources.write(question, sources), heard);
        return heard.complete().aiMessage().text();
    }
}
