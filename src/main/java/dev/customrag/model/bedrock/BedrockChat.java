package dev.customrag.model.bedrock;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.RunningCall;
import dev.langchain4j.model.ModelProvider;
import dev.langchain4j.model.bedrock.BedrockChatRequestParameters;
import dev.langchain4j.model.bedrock.BedrockStreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.concurrent.CompletableFuture;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/**
 * A chat model on Bedrock, through ConverseStream. LangChain4j's {@link BedrockStreamingChatModel} writes the requests and
 * reads the events; its 1.11.0 cannot be cancelled before the first token, reports one failure twice, and never ends a
 * call whose stream stops without its last event, which is how the SDK shows a broken connection. Each call therefore
 * gets a client of its own around the shared one, which keeps hold of the future that the library drops.
 */
class BedrockChat implements CancellableChatModel {

    private static final Logger LOG = Logger.getLogger(BedrockChat.class);

    private final String modelId;
    private final BedrockClients clients;

    BedrockChat(String modelId, BedrockClients clients) {
        this.modelId = modelId;
        this.clients = clients;
    }

    @Override
    public StreamingHandle start(ChatRequest request, StreamingChatResponseHandler handler) {
        var call = new RunningCall(handler, BedrockFailures::translate);
        try {
            BedrockStreamingChatModel.builder()
                    .modelId(modelId)
                    .client(new HeldClient(clients.runtime(), call))
                    .build()
                    .doChat(request, call);
        } catch (SdkException e) {
            call.onError(e);
        }
        return call;
    }

    @Override
    public ChatRequestParameters defaultRequestParameters() {
        return BedrockChatRequestParameters.builder().modelName(modelId).build();
    }

    @Override
    public ModelProvider provider() {
        return ModelProvider.AMAZON_BEDROCK;
    }

    /** The shared client, for one call. */
    private record HeldClient(BedrockRuntimeAsyncClient shared, RunningCall call) implements BedrockRuntimeAsyncClient {

        @Override
        public CompletableFuture<Void> converseStream(
                ConverseStreamRequest request, ConverseStreamResponseHandler handler) {
            CompletableFuture<Void> stream = shared.converseStream(request, handler);
            call.stopWith(() -> stream.cancel(true));
            stream.thenRun(() -> endedWithoutItsLastEvent(call));
            return stream;
        }

        private static void endedWithoutItsLastEvent(RunningCall call) {
            if (!call.isOver()) {
                LOG.warn("Bedrock ended a stream before its last event");
                call.onError(BedrockFailures.brokenOff());
            }
        }

        @Override
        public String serviceName() {
            return shared.serviceName();
        }

        /** The shared client is not this call's to close. */
        @Override
        public void close() {}
    }
}
