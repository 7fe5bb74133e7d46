package dev.customrag.model.local;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.NumberedSources;
import dev.customrag.model.RunningCall;
import dev.customrag.model.local.Sentences.Sentence;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import java.lang.Character.UnicodeScript;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Answers without a language model: quotes the sentences of the sources that come closest to the question, each with its
 * {@code [n]}, and says so. Reads the last user message only, as {@link NumberedSources} writes it.
 *
 * <p>Token counts are estimates, four characters to a token: nothing is billed by them.
 */
class ExtractiveAnswerer implements CancellableChatModel {

    static final String ID = "local-extractive";

    static final String OPENING = "I am not a language model; these sentences from your documents come closest:";
    static final String NOTHING_FITS = "I am not a language model and can only quote from your documents;"
            + " they do not seem to contain an answer to this question.";
    static final String NO_SOURCES =
            "I am not a language model and can only quote from your documents;" + " none came with this question.";

    /** Sentences whose vectors are computed, some milliseconds each. More are cut down by the words they share. */
    private static final int MOST_JUDGED = 48;

    private static final int MOST_QUOTED = 4;

    /** How much shared words count beside the cosine of the vectors, which alone confuses neighbouring subjects. */
    private static final double OVERLAP_WEIGHT = 0.15;

    /**
     * Below it nothing fits. Measured over the questions of ExtractiveAnswererTest: answerable ones reach 0.57 to 0.90,
     * those about something else 0.39 to 0.55, those about a neighbouring subject up to 0.75.
     */
    private static final double THRESHOLD = 0.56;

    /** Sentences further behind the best one only dilute it. */
    private static final double MARGIN = 0.1;

    /**
     * A question in a script the English model cannot read is judged by its words alone: a sentence has this part of them,
     * or does not fit.
     */
    private static final double LEAST_SHARED = 0.5;

    /** What is asked in a long text stands at its beginning or its end; both parts fit the model's 512 tokens. */
    private static final int LONGEST_PART = 800;

    /** A mark in a document's own text, such as a bibliography's, must not pass for one of ours, in whatever brackets. */
    private static final Pattern FOREIGN_MARK =
            Pattern.compile("[\\[［〔【](?=[^\\[\\]［］〔〕【】]{0,80}\\p{Nd})([^\\[\\]［］〔〕【】]{0,160})[\\]］〕】]");

    private static final Comparator<Judged> BEST_FIRST =
            Comparator.comparingDouble(Judged::score).reversed();

    private static final Pattern WORD_END = Pattern.compile("(?<=\\s)(?=\\S)");

    private final LocalEmbedding embedding;

    ExtractiveAnswerer(LocalEmbedding embedding) {
        this.embedding = embedding;
    }

    /** A sentence and how well it fits the question. */
    record Judged(Sentence sentence, double score) {}

    @Override
    public boolean followsInstructions() {
        return false;
    }

    @Override
    public StreamingHandle start(ChatRequest request, StreamingChatResponseHandler handler) {
        var call = new RunningCall(handler, UnaryOperator.identity());
        Thread thread = Thread.ofVirtual().name(ID).start(() -> run(request, call));
        call.stopWith(thread::interrupt);
        return call;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return ChatRequestParameters.builder().modelName(ID).build();
    }

    private void run(ChatRequest request, RunningCall call) {
        try {
            String answer = answer(NumberedSources.read(question(request.messages())));
            for (String word : WORD_END.split(answer)) {
                if (call.isOver()) {
                    return;
                }
                call.onPartialResponse(word);
            }
            call.onCompleteResponse(ChatResponse.builder()
                    .aiMessage(AiMessage.from(answer))
                    .modelName(ID)
                    .tokenUsage(new TokenUsage(tokens(inputLength(request)), tokens(answer.length())))
                    .finishReason(FinishReason.STOP)
                    .build());
        } catch (RuntimeException e) {
            call.onError(e);
        }
    }

    private String answer(NumberedSources.Prompt prompt) {
        if (prompt.sources().isEmpty()) {
            return NO_SOURCES;
        }
        List<Judged> judged = judge(prompt);
        if (judged.isEmpty() || judged.getFirst().score() < THRESHOLD) {
            return NOTHING_FITS;
        }
        double least = Math.max(THRESHOLD, judged.getFirst().score() - MARGIN);
        return judged.stream()
                .filter(each -> each.score() >= least)
                .limit(MOST_QUOTED)
                .map(each -> quoted(each.sentence()))
                .collect(Collectors.joining("\n\n", OPENING + "\n\n", ""));
    }

    /** The sentences of the sources with their scores, best first. */
    List<Judged> judge(NumberedSources.Prompt prompt) {
        String question = beginningAndEnd(prompt.question());
        if (question.codePoints().noneMatch(Character::isLetterOrDigit)) {
            return List.of();
        }
        Set<String> asked = Sentences.stems(question);
        List<Judged> sharing = Sentences.of(prompt.sources()).stream()
                .map(sentence -> new Judged(sentence, Sentences.overlap(asked, sentence.text())))
                .sorted(BEST_FIRST)
                .limit(MOST_JUDGED)
                .toList();
        return (isReadable(question) ? byMeaning(question, sharing) : byWords(sharing))
                .sorted(BEST_FIRST)
                .toList();
    }

    private Stream<Judged> byMeaning(String question, List<Judged> sharing) {
        float[] asked = embedding.embedQuestion(question);
        List<float[]> vectors = embedding.embedSentences(
                sharing.stream().map(each -> each.sentence().text()).toList());
        return IntStream.range(0, sharing.size())
                .mapToObj(i -> new Judged(
                        sharing.get(i).sentence(),
                        dot(asked, vectors.get(i))
                                + OVERLAP_WEIGHT * sharing.get(i).score()));
    }

    /** Moved so that one threshold serves for both. */
    private static Stream<Judged> byWords(List<Judged> sharing) {
        return sharing.stream().map(each -> new Judged(each.sentence(), THRESHOLD + each.score() - LEAST_SHARED));
    }

    /** Whether at least half of its letters are Latin: of others the model knows some by sight, and takes them for alike. */
    private static boolean isReadable(String question) {
        long letters = question.codePoints().filter(Character::isLetter).count();
        long latin = question.codePoints()
                .filter(Character::isLetter)
                .filter(letter -> UnicodeScript.of(letter) == UnicodeScript.LATIN)
                .count();
        return 2 * latin >= letters;
    }

    private static String beginningAndEnd(String question) {
        if (question.length() <= 2 * LONGEST_PART) {
            return question;
        }
        int head = LONGEST_PART - (Character.isHighSurrogate(question.charAt(LONGEST_PART - 1)) ? 1 : 0);
        int tail = question.length() - LONGEST_PART;
        return question.substring(0, head)
                + " … "
                + question.substring(Character.isLowSurrogate(question.charAt(tail)) ? tail + 1 : tail);
    }

    /** In our quotation marks, with those of the document made single ones, so that the quotation ends where we end it. */
    private static String quoted(Sentence sentence) {
        String text = FOREIGN_MARK.matcher(sentence.text()).replaceAll("($1)");
        return "“" + text.replace('“', '‘').replace('”', '’') + "” [" + sentence.source() + "]";
    }

    /** The cosine, as both have unit length. */
    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static String question(List<ChatMessage> messages) {
        return messages.reversed().stream()
                .filter(UserMessage.class::isInstance)
                .map(UserMessage.class::cast)
                .map(ExtractiveAnswerer::text)
                .findFirst()
                .orElse("");
    }

    private static String text(UserMessage message) {
        return message.contents().stream()
                .filter(TextContent.class::isInstance)
                .map(content -> ((TextContent) content).text())
                .collect(Collectors.joining("\n"));
    }

    private static int inputLength(ChatRequest request) {
        return question(request.messages()).length();
    }

    private static int tokens(int characters) {
        return (characters + 3) / 4;
    }
}
