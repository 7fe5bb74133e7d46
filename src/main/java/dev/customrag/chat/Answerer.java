package dev.customrag.chat;

import dev.langchain4j.service.TokenStream;
import io.quarkiverse.langchain4j.CreatedAware;

/**
 * The model, asked. Carries no annotations on its method on purpose: {@code @SystemMessage} would make the extension
 * expect one model bean for the whole application, and {@code @UserMessage} takes its text for a template, while a
 * question may contain braces. {@link Prompts} gives the system message.
 */
@CreatedAware
interface Answerer {

    /** Starts nothing yet; retrieval, where the service has an augmentor, is done when this returns. */
    TokenStream answer(String question);
}
