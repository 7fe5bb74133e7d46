package dev.customrag.chat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How questions are answered. */
@ConfigMapping(prefix = "chat")
public interface ChatConfig {

    /** The longest answer where an assistant says nothing else, in tokens: what an answer may cost has an end. */
    @WithDefault("4096")
    @Min(1)
    @Max(200_000)
    int answerTokens();

    /** Tokens of earlier turns sent along with a question, estimated; older turns are left out whole. */
    @WithDefault("4000")
    @Min(0)
    @Max(1_000_000)
    int historyTokens();

    /**
     * Whether a language model is asked to complete follow-up questions before the search: a short call more for each of
     * them. Without it, and with models that are none, a rule takes the turns before into account.
     */
    @WithDefault("true")
    boolean rewriteFollowUps();

    /** How long that may take, or the question stays as it is. The person waits for it. */
    @WithDefault("3s")
    @DurationMin(millis = 1)
    Duration rewriteTimeLimit();

    /** Whether a model names a conversation after its first question: a short call more for each conversation. */
    @WithDefault("true")
    boolean modelTitles();

    /** How long that may take, or the conversation stays named after its question. Nobody waits for it. */
    @WithDefault("5s")
    @DurationMin(millis = 1)
    Duration titleTimeLimit();

    /**
     * After so long without a sign of life of the process that makes it an answer counts as lost with it. There are some each
     * second, but for a machine or database that is too busy. The time for which the database was away does not count.
     */
    @WithDefault("15s")
    @DurationMin(seconds = 1)
    Duration longestSilence();

    Ephemeral ephemeral();

    /** Sends a stream this often a sign of life while the model is silent, so that nothing on the way closes it. */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    Duration signOfLife();

    /** Conversations in the memory of a process. */
    interface Ephemeral {

        /** How long one is kept that is not used. */
        @WithDefault("1h")
        @DurationMin(millis = 1)
        Duration keptFor();

        /** Of one person at a time; the one used longest ago makes way. */
        @WithDefault("10")
        @Min(1)
        @Max(1000)
        int perPerson();

        /** Characters of all together. What was used longest ago makes way. */
        @WithDefault("50000000")
        @Min(1)
        long characters();
    }
}
