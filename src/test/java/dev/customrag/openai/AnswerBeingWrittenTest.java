package dev.customrag.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.chat.Citation;
import dev.customrag.chat.CompletionEvent;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerBeingWrittenTest {

    private static List<Citation> sources(int many) {
        return IntStream.rangeClosed(1, many)
                .mapToObj(number -> new Citation(
                        number, UUID.randomUUID(), UUID.randomUUID(), "lease.txt", null, "Words.", 0, 6, null, null))
                .toList();
    }

    @Test
    void anAnswerThatWasToEndHasTheCitationsOfWhatThereIs() {
        var answer = new AnswerBeingWritten(List.of("END"));
        answer.add(new CompletionEvent.Sources(sources(13)));

        answer.add(new CompletionEvent.Token("It is so [1, 3], and [12]. END Or not [2]."));

        assertThat(answer.isOver()).isTrue();
        assertThat(answer.content()).isEqualTo("It is so [1, 3], and [12]. ");
        assertThat(answer.citations()).extracting(Citation::number).containsExactly(1, 3, 12);
        assertThat(answer.usage()).isNull();
    }
}
