package dev.customrag.chat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;

/** How questions are answered. */
@ConfigMapping(prefix = "chat")
interface ChatConfig {

    /** Passages handed to the model with a question. More cost tokens and time, fewer miss answers. */
    @WithDefault("5")
    @Min(1)
    @Max(50)
    int sources();

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
}
