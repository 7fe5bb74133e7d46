package dev.customrag.model.bedrock;

import dev.customrag.model.CancellableChatModel;
import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelDescription.Kind;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import io.smallrye.common.annotation.Identifier;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Foundation models on Amazon Bedrock: any that the account and region offer for text, and Titan for embeddings. */
@ApplicationScoped
@Identifier("bedrock")
class BedrockModels implements ModelProvider {

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final BedrockCatalog catalog;
    private final TitanEmbedding embedding;
    private final Map<String, CancellableChatModel> chatModels = new ConcurrentHashMap<>();

    BedrockModels(BedrockConfig config, BedrockClients clients, Clock clock) {
        this.config = config;
        this.clients = clients;
        this.catalog = new BedrockCatalog(config, clients, clock);
        this.embedding = new TitanEmbedding(config, clients);
    }

    @Override
    public String source() {
        return BedrockCatalog.SOURCE;
    }

    @Override
    public String defaultChatModelId() {
        return config.chatModel();
    }

    /**
     * {@inheritDoc} The configured default is taken at its word: it may be an ARN, which no list has. So is any id while
     * the lists cannot be read, where Bedrock itself refuses unknown ones; those are not kept.
     */
    @Override
    public CancellableChatModel chatModel(String modelId) {
        CancellableChatModel known = chatModels.get(modelId);
        if (known != null) {
            return known;
        }
        if (!modelId.equals(config.chatModel())) {
            List<ModelDescription> offered;
            try {
                offered = catalog.models();
            } catch (ModelFailure e) {
                return new BedrockChat(modelId, clients);
            }
            if (offered.stream()
                    .noneMatch(model -> model.kind() == Kind.CHAT && model.id().equals(modelId))) {
                throw BedrockFailures.unknownModel();
            }
        }
        return chatModels.computeIfAbsent(modelId, id -> new BedrockChat(id, clients));
    }

    @Override
    public PassageEmbedding embedding() {
        return embedding;
    }

    @Override
    public List<ModelDescription> models() {
        return catalog.models();
    }
}
