package dev.customrag.chat;

import dev.customrag.chat.AnswerMarks.Mark;
import dev.customrag.chat.Evidence.Found;
import dev.customrag.chat.Evidence.Statement;
import dev.customrag.chat.Quotations.Quotation;
import dev.customrag.knowledge.Passage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps the {@code [n]} of an answer to the passages the model was given, and judges each by the statements that cite it. A
 * number that is cited several times is as good as the worst of them, and its quote belongs to that one: who checks a mark
 * should see what to doubt.
 */
final class Citations {

    /** How far back a mark looks for something to support, as after "Sources: [1]". */
    private static final int MOST_SENTENCES_BACK = 4;

    private final String answer;
    private final List<Passage> passages;
    private final List<Mark> marks;
    private final List<TextRange> sentences;
    private final List<Quotation> quotations;
    private final Language language;
    private final Map<Integer, Evidence> evidence = new LinkedHashMap<>();

    private Citations(String answer, List<Passage> passages) {
        var filter = new AnswerMarks(passages.size());
        String marked = filter.feed(answer) + filter.end();
        this.marks = filter.marks();
        this.passages = passages;
        var words = new StringBuilder(marked);
        for (Mark mark : marks) {
            words.replace(mark.start(), mark.end(), " ".repeat(mark.end() - mark.start()));
        }
        this.answer = words.toString();
        this.sentences = Sentences.ofAnswer(this.answer);
        this.quotations = Quotations.of(this.answer);
        this.language = Language.of(this.answer).orElse(null);
    }

    /** Every passage as a source, with its whole text as the quote. */
    static List<Citation> sources(List<Passage> passages) {
        var citations = new ArrayList<Citation>();
        for (Passage passage : passages) {
            citations.add(citation(citations.size() + 1, passage, TextRange.all(passage.text()), null));
        }
        return citations;
    }

    /**
     * The passages an answer cites, in the order of their first mention, a number once.
     *
     * @param answer as {@link AnswerMarks} left it
     * @param passages those the model was given, source {@code [n]} at index {@code n - 1}
     */
    static List<Citation> in(String answer, List<Passage> passages) {
        return new Citations(answer, passages).judged();
    }

    private List<Citation> judged() {
        var worst = new LinkedHashMap<Integer, Found>();
        for (int i = 0; i < marks.size(); i++) {
            List<Integer> numbers = marks.get(i).numbers();
            Statement statement = statement(i);
            List<Evidence> cited = numbers.stream().map(this::evidence).toList();
            for (int number : numbers) {
                worst.merge(
                        number,
                        evidence(number).of(statement, cited),
                        (a, b) -> b.state().compareTo(a.state()) > 0 ? b : a);
            }
        }
        return worst.entrySet().stream()
                .map(each -> citation(
                        each.getKey(),
                        passages.get(each.getKey() - 1),
                        each.getValue().range(),
                        each.getValue().state()))
                .toList();
    }

    private Evidence evidence(int number) {
        return evidence.computeIfAbsent(number, n -> new Evidence(passages.get(n - 1)));
    }

    /**
     * What is said before a mark, in its sentence and since the mark before. Where that is next to nothing, the whole
     * sentence, and then what stands before it.
     */
    private Statement statement(int markIndex) {
        int end = marks.get(markIndex).start();
        int since = endOfMarkBefore(markIndex);
        int last = sentenceBefore(end);
        if (last < 0) {
            return new Statement(Wording.of("", language), List.of());
        }
        TextRange sentence = sentences.get(last);
        var clause = new TextRange(Math.max(since, sentence.start()), Math.min(end, sentence.end()));
        TextRange range = withQuotations(clause, since, end);
        for (int first = last; !saysSomething(range) && first >= Math.max(0, last - MOST_SENTENCES_BACK); first--) {
            range = withQuotations(sentences.get(first), 0, answer.length());
        }
        TextRange said = range;
        return new Statement(
                Wording.of(said.of(answer), language),
                quotations.stream().filter(each -> overlap(each.range(), said)).toList());
    }

    private boolean saysSomething(TextRange range) {
        return Wording.of(range.of(answer), language).saysSomething();
    }

    /** A quotation may consist of several sentences. */
    private TextRange withQuotations(TextRange range, int from, int to) {
        int start = range.start();
        int end = range.end();
        for (Quotation quotation : quotations) {
            TextRange quoted = quotation.range();
            if (quoted.start() >= from && quoted.end() <= to && overlap(quoted, range)) {
                start = Math.min(start, quoted.start());
                end = Math.max(end, quoted.end());
            }
        }
        return new TextRange(start, end);
    }

    private static boolean overlap(TextRange a, TextRange b) {
        return a.start() < b.end() && b.start() < a.end();
    }

    /** Where the mark before ends, not counting those between which nothing is said. */
    private int endOfMarkBefore(int markIndex) {
        int start = marks.get(markIndex).start();
        for (int i = markIndex - 1; i >= 0; i--) {
            if (answer.substring(marks.get(i).end(), start).codePoints().anyMatch(Character::isLetterOrDigit)) {
                return marks.get(i).end();
            }
        }
        return 0;
    }

    private int sentenceBefore(int position) {
        int last = -1;
        for (int i = 0; i < sentences.size() && sentences.get(i).start() < position; i++) {
            last = i;
        }
        return last;
    }

    private static Citation citation(int number, Passage passage, TextRange quote, Citation.State state) {
        return new Citation(
                number,
                passage.id(),
                passage.documentId(),
                passage.filename(),
                passage.page(),
                quote.of(passage.text()),
                passage.start() + quote.start(),
                passage.start() + quote.end(),
                passage.heading(),
                state);
    }
}
