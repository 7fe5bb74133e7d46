package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the account and Region offer, and may be used here. Kept for a while and then renewed in the background; when
 * Bedrock cannot be asked, an older list is better than none.
 */
class BedrockCatalog {

    static final String SOURCE = "bedrock";

    private static final Logger LOG = Logger.getLogger(BedrockCatalog.class);

    /** An older list than this says too little about today. */
    private static final Duration OLDEST = Duration.ofDays(1);

    /** Whoever asks while Bedrock is away should not wait for it each time. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(30);

    private final BedrockConfig config;
    private final AccountModels lists;
    private final AllowedModels allowed;
    private final InstantSource clock;
    private final Executor background;
    private final ReentrantLock loading = new ReentrantLock();
    private final AtomicBoolean renewing = new AtomicBoolean();
    private volatile Snapshot current;
    private volatile Failed failed;

    /**
     * @param background where a list is renewed while the last one serves
     */
    BedrockCatalog(BedrockConfig config, BedrockClients clients, InstantSource clock, Executor background) {
        this.config = config;
        this.allowed = new AllowedModels(config.allowedModels());
        this.lists = new AccountModels(config, clients, allowed);
        this.clock = clock;
        this.background = background;
    }

    private record Snapshot(Inventory inventory, Instant at) {}

    private record Failed(ModelFailure failure, Instant at) {}

    /**
     * The models, chat before embedding.
     *
     * @throws ModelFailure if they cannot be asked for and there is no list of the last day
     */
    List<ModelDescription> models() {
        return inventory().models();
    }

    /**
     * A chat model by its id.
     *
     * @throws ModelFailure of kind {@code UNKNOWN_MODEL} if there is none, or it is not allowed; of another as {@link
     *     #models}
     */
    Offer chat(String id) {
        Inventory inventory = inventory();
        Offer offer = inventory.chat().get(id);
        if (offer == null) {
            throw inventory.forbidden().contains(id) ? notAllowed() : BedrockFailures.unknownModel();
        }
        return offer;
    }

    /** Whether an id is allowed as it stands, whether or not there is such a model. */
    boolean allows(String id) {
        return allowed.names(id);
    }

    /**
     * Where calls of a model may end up; empty if that is not known.
     *
     * @param id of a model or profile, on offer or not, or its ARN
     * @throws ModelFailure as {@link #models}
     */
    Optional<Reach> reach(String id) {
        Optional<Reach> byItself = Reach.ofArn(id);
        return byItself.isPresent()
                ? byItself
                : Optional.ofNullable(inventory().reaches().get(id));
    }

    static ModelFailure notAllowed() {
        return new ModelFailure(
                ModelFailure.Kind.UNKNOWN_MODEL,
                "The operator of this service does not allow this model. GET /models lists those that may be used.");
    }

    private Inventory inventory() {
        Snapshot known = current;
        if (known == null || !younger(known.at(), OLDEST)) {
            loading.lock();
            try {
                return loaded();
            } finally {
                loading.unlock();
            }
        }
        if (!younger(known.at(), config.catalogAge()) && renewing.compareAndSet(false, true)) {
            background.execute(this::renew);
        }
        return known.inventory();
    }

    private void renew() {
        loading.lock();
        try {
            loaded();
        } catch (ModelFailure e) {
            LOG.debugf("The list of models could not be renewed (%s); the last one stays in use", e.kind());
        } finally {
            loading.unlock();
            renewing.set(false);
        }
    }

    /** Loads unless somebody else just has, or has tried in vain. */
    private Inventory loaded() {
        Snapshot known = current;
        if (known != null && younger(known.at(), config.catalogAge())) {
            return known.inventory();
        }
        Failed before = failed;
        if (before != null && younger(before.at(), PAUSE_AFTER_FAILURE)) {
            throw before.failure();
        }
        try {
            current = new Snapshot(lists.read(), clock.instant());
            failed = null;
            return current.inventory();
        } catch (SdkException e) {
            failed = new Failed(BedrockFailures.translate(e), clock.instant());
            throw failed.failure();
        }
    }

    private boolean younger(Instant at, Duration age) {
        return at.plus(age).isAfter(clock.instant());
    }
}
