package dev.customrag.model.bedrock;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.Generation;
import dev.customrag.model.RunningCall;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.bedrock.BedrockChatRequestParameters;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;

/** A chat model on Bedrock, through ConverseStream; each call is an {@link AnswerCall}. */
final class BedrockChat implements CancellableChatModel {

    private final String modelId;
    private final ModelFamily family;
    private final BedrockAnswers answers;
    private final CircuitBreaker breaker;

    BedrockChat(String modelId, BedrockAnswers answers) {
        this(modelId, modelId, answers);
    }

    /**
     * @param modelId what is called, such as an application profile
     * @param foundationModel the id of the model that answers in the end, whose rules hold
     */
    BedrockChat(String modelId, String foundationModel, BedrockAnswers answers) {
        this.modelId = modelId;
        this.family = ModelFamilies.of(foundationModel);
        this.answers = answers;
        this.breaker = answers.breaker();
    }

    @Override
    public StreamingHandle start(ChatRequest request, StreamingChatResponseHandler handler) {
        var call = new RunningCall(handler, BedrockFailures::translate);
        new AnswerCall(modelId, family, answers, breaker, request, call).start();
        return call;
    }

    @Override
    public ChatRequestParameters parameters(Generation generation) {
        Generation allowed = family.within(generation);
        return BedrockChatRequestParameters.builder()
                .temperature(allowed.temperature())
                .topP(allowed.topP())
                .maxOutputTokens(allowed.maxTokens())
                .build();
    }

    @Override
    public int contextTokens() {
        return family.contextTokens();
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return BedrockChatRequestParameters.builder().modelName(modelId).build();
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.AMAZON_BEDROCK;
    }

    ModelFamily family() {
        return family;
    }

    /** Whether it is left alone because it failed. */
    boolean isLeftAlone() {
        return breaker.isOpen();
    }
}
