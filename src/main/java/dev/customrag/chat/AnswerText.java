package dev.customrag.chat;

import dev.customrag.knowledge.Passage;
import java.util.List;
import java.util.stream.Stream;

/** What a model writes, as it may go to a person: {@link AnswerLinks} first, so that no mark comes of what it changes. */
final class AnswerText {

    private final AnswerLinks links;
    private final AnswerMarks marks;

    /**
     * @param question that is answered
     * @param sources what the model was given for it
     */
    AnswerText(String question, List<Passage> sources) {
        this.links = new AnswerLinks(
                Stream.concat(Stream.of(question), sources.stream().map(Passage::text))
                        .toList());
        this.marks = new AnswerMarks(sources.size());
    }

    /** The next piece of the answer; gives what may go on now, perhaps nothing. NUL goes nowhere: PostgreSQL stores none. */
    String feed(String piece) {
        return marks.feed(links.feed(piece.replace("\0", "")));
    }

    /** The answer is over; gives the rest. */
    String end() {
        return marks.feed(links.end()) + marks.end();
    }
}
