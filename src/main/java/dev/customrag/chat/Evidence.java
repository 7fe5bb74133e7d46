package dev.customrag.chat;

import dev.customrag.chat.Citation.State;
import dev.customrag.chat.Quotations.Quotation;
import dev.customrag.chat.Wording.Vocabulary;
import dev.customrag.knowledge.Passage;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a passage says for a statement of an answer. The rule:
 *
 * <ul>
 *   <li>Quotations decide, where the statement has any. One that stands in none of the passages cited for it makes all of
 *       these {@code missing}; a passage that has one is {@code verified}.
 *   <li>Otherwise the one to three sentences are sought that have most of the statement's words, a figure counting twice.
 *       {@code verified}: six tenths of them, all its figures, and all its names are in the passage. {@code missing}:
 *       none. {@code weak}: anything between.
 *   <li>Passages cited together support the statement together: one that has a quarter of it is verified if all of them
 *       have enough.
 *   <li>A statement in another language than the passage is at worst {@code weak}, as is one that says too little to
 *       compare.
 * </ul>
 */
final class Evidence {

    private static final double ENOUGH = 0.6;
    private static final double SHARE_OF_SEVERAL = 0.25;
    private static final int FIGURE_WEIGHT = 2;
    private static final int MOST_SENTENCES = 3;

    /** What another sentence in the quote has to add. */
    private static final double SENTENCE_COST = 0.1;

    private final Passage passage;
    private final Language language;
    private final LooseText text;
    private final LooseText origin;
    private final List<Sentence> sentences;
    private final Wording context;
    private final Vocabulary contextWords;
    private final Vocabulary allWords;

    /** What was judged last: each of the passages cited together asks all of them. */
    private Wording judged;

    private Common judgedBest;

    Evidence(Passage passage) {
        this.passage = passage;
        this.language = Language.of(passage.text()).orElse(null);
        this.text = new LooseText(passage.text());
        String name = passage.filename() + "\n" + (passage.heading() == null ? "" : passage.heading());
        this.origin = new LooseText(name);
        this.sentences = Sentences.ofDocument(passage.text()).stream()
                .map(range -> Sentence.of(range, Wording.of(range.of(passage.text()), language)))
                .toList();
        this.context = Wording.of(name, language);
        this.contextWords = new Vocabulary(context.words());
        this.allWords = new Vocabulary(Stream.concat(
                        context.words().stream(), sentences.stream().flatMap(each -> each.wording.words().stream()))
                .toList());
    }

    /** A statement of an answer and what of it stands between quotation marks. */
    record Statement(Wording wording, List<Quotation> quotations) {}

    /** How a passage supports a statement, and where in its text. */
    record Found(State state, TextRange range) {}

    private record Sentence(TextRange range, Wording wording, Vocabulary words) {

        static Sentence of(TextRange range, Wording wording) {
            return new Sentence(range, wording, new Vocabulary(wording.words()));
        }
    }

    /** The words and figures of a statement that stand in a part of a passage. */
    private record Common(TextRange range, Set<String> words, Set<String> figures) {

        double share(Wording statement) {
            int all = statement.words().size()
                    + FIGURE_WEIGHT * statement.figures().size();
            return (double) (words.size() + FIGURE_WEIGHT * figures.size()) / Math.max(1, all);
        }

        Common plus(Common other) {
            return new Common(
                    new TextRange(
                            Math.min(range.start(), other.range.start()), Math.max(range.end(), other.range.end())),
                    union(words, other.words),
                    union(figures, other.figures));
        }

        private static Set<String> union(Set<String> a, Set<String> b) {
            var both = new HashSet<>(a);
            both.addAll(b);
            return both;
        }
    }

    /**
     * How this passage supports a statement.
     *
     * @param cited all passages cited for it, this one among them
     */
    Found of(Statement statement, Collection<Evidence> cited) {
        List<Quotation> quotations = statement.quotations();
        Optional<TextRange> quoted = quotations.stream()
                .flatMap(quotation -> quotation.in(text).stream())
                .findFirst();
        boolean invented =
                quotations.stream().anyMatch(quotation -> cited.stream().noneMatch(each -> each.has(quotation)));
        if (invented) {
            return new Found(State.MISSING, quoted.orElseGet(() -> byWords(statement.wording(), cited)
                    .range()));
        }
        return quoted.map(range -> new Found(State.VERIFIED, range))
                .orElseGet(() -> byWords(statement.wording(), cited));
    }

    private boolean has(Quotation quotation) {
        return quotation.in(text).isPresent() || quotation.in(origin).isPresent();
    }

    private Found byWords(Wording statement, Collection<Evidence> cited) {
        TextRange whole = TextRange.all(passage.text());
        if (!statement.saysSomething()) {
            return new Found(State.WEAK, whole);
        }
        Common best = best(statement);
        if (best.words().isEmpty() && best.figures().isEmpty()) {
            boolean otherLanguage =
                    language != null && statement.language() != null && language != statement.language();
            return new Found(otherLanguage ? State.WEAK : State.MISSING, whole);
        }
        boolean alone = isEnough(statement, List.of(this));
        boolean together = best.share(statement) >= SHARE_OF_SEVERAL && isEnough(statement, cited);
        return new Found(alone || together ? State.VERIFIED : State.WEAK, best.range());
    }

    private static boolean isEnough(Wording statement, Collection<Evidence> evidence) {
        Common all = evidence.stream()
                .map(each -> each.best(statement).plus(each.inContext(statement)))
                .reduce(Common::plus)
                .orElseThrow();
        return all.share(statement) >= ENOUGH
                && all.figures().containsAll(statement.figures())
                && statement.names().stream()
                        .allMatch(name -> evidence.stream().anyMatch(each -> each.allWords.hasName(name)));
    }

    /** What the name of the document and the title of the section say need not be repeated in the passage. */
    private Common inContext(Wording statement) {
        return common(new TextRange(0, 0), statement, context, contextWords);
    }

    /** Those neighbouring sentences that have most in common with a statement, with none if there is nothing. */
    private Common best(Wording statement) {
        if (judged != statement) {
            judgedBest = bestWindow(statement);
            judged = statement;
        }
        return judgedBest;
    }

    private Common bestWindow(Wording statement) {
        Common best = new Common(TextRange.all(passage.text()), Set.of(), Set.of());
        double bestScore = 0;
        int shortest = Integer.MAX_VALUE;
        for (int first = 0; first < sentences.size(); first++) {
            Common window = null;
            int last = Math.min(first + MOST_SENTENCES, sentences.size());
            for (int i = first; i < last; i++) {
                Sentence sentence = sentences.get(i);
                Common common = common(sentence.range, statement, sentence.wording, sentence.words);
                window = window == null ? common : window.plus(common);
                double score = window.share(statement) - SENTENCE_COST * (i - first);
                int length = window.range().end() - window.range().start();
                if (score > bestScore || score == bestScore && score > 0 && length < shortest) {
                    best = window;
                    bestScore = score;
                    shortest = length;
                }
            }
        }
        return best;
    }

    private static Common common(TextRange range, Wording statement, Wording part, Vocabulary words) {
        return new Common(
                range,
                statement.words().stream().filter(words::has).collect(Collectors.toSet()),
                statement.figures().stream().filter(part.figures()::contains).collect(Collectors.toSet()));
    }
}
