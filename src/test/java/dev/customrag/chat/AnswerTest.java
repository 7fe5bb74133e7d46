package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class AnswerTest {

    private final Answer answer = new Answer(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(), false, true, 0);

    @Test
    void nobodyIsMissedBeforeTheyCouldListen() throws InterruptedException {
        Thread.sleep(2);
        assertThat(answer.desertedFor()).isNegative();

        answer.sources(List.of());
        Thread.sleep(2);
        assertThat(answer.desertedFor()).isPositive();
    }

    @Test
    void whoeverListensIsMissedFromTheMomentTheyLeave() throws InterruptedException {
        answer.sources(List.of());
        var heard = new ArrayList<AnswerEvent>();
        var listener = answer.follow(Optional.empty()).subscribe().with(heard::add);
        answer.token("One ");
        assertThat(answer.desertedFor()).isNegative();

        listener.cancel();
        answer.token("two ");
        Thread.sleep(2);

        assertThat(answer.desertedFor()).isPositive();
        assertThat(heard).containsExactly(new AnswerEvent.Sources(List.of()), new AnswerEvent.Token(4, "One "));
    }

    @Test
    void nobodyIsMissedAfterTheEnd() {
        answer.sources(List.of());
        answer.end(new AnswerEvent.Failed(1, Answer.interrupted()));

        assertThat(answer.desertedFor()).isNegative();
        assertThat(answer.follow(Optional.of(0L)).collect().asList().await().indefinitely())
                .hasSize(1);
    }
}
