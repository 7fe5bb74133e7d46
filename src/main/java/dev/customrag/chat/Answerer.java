package dev.customrag.chat;

import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import io.quarkiverse.langchain4j.CreatedAware;

/**
 * The model, asked. The prompts stand beside this file among the resources. The parameter carries no annotation on
 * purpose: an annotated one is taken for a template, and a question may contain braces.
 */
@CreatedAware
interface Answerer {

    /** Answers from the sources that the retrieval augmentor adds to the question. */
    @SystemMessage(fromResource = "dev/customrag/chat/grounded.txt")
    TokenStream answerFromSources(String question);

    /** Answers without documents. */
    @SystemMessage(fromResource = "dev/customrag/chat/general.txt")
    TokenStream answer(String question);
}
