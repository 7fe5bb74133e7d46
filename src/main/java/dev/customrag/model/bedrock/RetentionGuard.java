package dev.customrag.model.bedrock;

import dev.customrag.model.ModelDescription;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import dev.customrag.model.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;

/**
 * Lets models be called only where it is proven that nothing of the call is kept, if that is required: data-retention mode
 * {@code none} and no invocation logging, in every Region the call may reach. {@code inherit} proves nothing: at the
 * account it leaves the matter to each model (Bedrock User Guide, "How your retention mode is determined").
 *
 * <p>Settings are looked at in rounds. A call looks for itself where they are not known, too old, or were wrong when last
 * seen, so that neither a start nor a mended setting has to wait for a round. Regions that do not answer for a moment are
 * trusted as long as they were seen lately; one that refuses to say is not.
 */
class RetentionGuard {

    private static final Logger LOG = Logger.getLogger(RetentionGuard.class);

    private static final String NONE = "none";

    /** Bedrock User Guide, "Data retention"; API reference, Converse. The same at length: docs/security.md. */
    private static final String ENFORCED = "Checked are two settings of the AWS account: its data-retention mode, and"
            + " whether it logs calls of models. That the mode is enforced, AWS says of the Messages, Chat Completions and"
            + " Responses APIs. This service calls Converse and InvokeModel, which that sentence does not name: of Converse"
            + " AWS says that it stores nothing it is given, and of models released before mid-2026 that they keep the"
            + " zero retention they had. For later models called through Converse the mode is the account's declared"
            + " will, and its effect is AWS' word.";

    /** Bedrock User Guide, "Prompt caching". Sources come and go with the last question, which is behind the cache points. */
    private static final String CACHED =
            " Models that offer it hold the beginning of a prompt for five minutes, so that the"
                    + " next question costs less: the assistant's instructions and what was said before, not the passages.";

    /** Pauses between rounds after which what was seen counts no more. */
    private static final int GOOD_FOR = 3;

    /** Calls that are refused look again, but not each of them. */
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final BedrockConfig config;
    private final BedrockClients clients;
    private final BedrockCatalog catalog;
    private final AccountSettings settings;
    private final InstantSource clock;
    private final Map<String, Seen> seen = new ConcurrentSkipListMap<>();
    private final Map<String, ReentrantLock> looking = new ConcurrentHashMap<>();

    RetentionGuard(BedrockConfig config, BedrockClients clients, BedrockCatalog catalog, InstantSource clock) {
        this.config = config;
        this.clients = clients;
        this.catalog = catalog;
        this.settings = new AccountSettings(clients);
        this.clock = clock;
    }

    /**
     * What is known of a Region.
     *
     * @param mode null, with the time, if it was never read
     * @param failure why it could not be read the last time; null if it could
     */
    private record Seen(String mode, boolean logging, Instant at, ModelFailure failure, Instant triedAt) {}

    /**
     * Lets a call go on.
     *
     * @param modelId whatever it names: a model, a profile, an ARN
     * @throws ModelFailure of kind {@code RETENTION_NOT_PROVEN} if it must not
     */
    void admit(String modelId) {
        if (config.requireZeroRetention()) {
            problem(modelId, true).ifPresent(problem -> {
                throw new ModelFailure(
                        Kind.RETENTION_NOT_PROVEN,
                        "Models are only asked where it is proven that nothing is kept. " + problem);
            });
        }
    }

    /** Looks at every Region that calls may reach. */
    void look() {
        try {
            Set<String> reached = reached();
            seen.keySet().retainAll(reached);
            reached.forEach(this::look);
        } catch (SdkException e) {
            LOG.warnf(
                    "What the AWS account retains cannot be checked: %s",
                    BedrockFailures.translate(e).getMessage());
        }
    }

    /** What is known now. May ask for the lists of models, and for nothing else. */
    Retention retention() {
        var regions = new ArrayList<Retention.InRegion>();
        seen.forEach((region, settings) -> regions.add(new Retention.InRegion(
                region,
                settings.mode(),
                settings.at() == null ? null : settings.logging(),
                settings.at(),
                regionProblem(region).orElse(null))));
        boolean proven = Stream.of(config.chatModel(), config.embeddingModel())
                .allMatch(model -> problem(model, false).isEmpty());
        var unproven = new ArrayList<Retention.Unproven>();
        offered().forEach(model -> problem(model, false)
                .ifPresent(reason -> unproven.add(new Retention.Unproven(model, reason))));
        String enforced = config.promptCaching() ? ENFORCED + CACHED : ENFORCED;
        return new Retention(true, config.requireZeroRetention(), proven, regions, unproven, enforced);
    }

    /** Regions of which it is proven, and of which it is not. */
    long count(boolean proven) {
        return seen.keySet().stream()
                .filter(region -> regionProblem(region).isEmpty() == proven)
                .count();
    }

    private Set<String> reached() {
        var regions = new TreeSet<>(Set.of(clients.home().id()));
        Stream.concat(offered().stream(), Stream.of(config.chatModel(), config.embeddingModel()))
                .flatMap(model -> reach(model).stream())
                .forEach(reach -> regions.addAll(reach.regions()));
        return regions;
    }

    private List<String> offered() {
        try {
            return catalog.models().stream().map(ModelDescription::id).toList();
        } catch (ModelFailure e) {
            return List.of();
        }
    }

    private Optional<Reach> reach(String modelId) {
        try {
            return catalog.reach(modelId);
        } catch (ModelFailure e) {
            return Optional.empty();
        }
    }

    /**
     * @param now whether to look where that may change the answer
     */
    private Optional<String> problem(String modelId, boolean now) {
        Optional<Reach> reach = reach(modelId);
        if (reach.isEmpty()) {
            return Optional.of(
                    "It is not known which Regions work on calls of this model: the lists of Amazon Bedrock do"
                            + " not have it, or cannot be read. Choose one that GET /models lists.");
        }
        if (reach.get().anywhere()) {
            return Optional.of(
                    "This model may run in any Region, which nobody can check. Choose one of a single Region,"
                            + " or of a group of named ones.");
        }
        for (String region : reach.get().regions()) {
            Optional<String> problem = now ? problemNow(region) : regionProblem(region);
            if (problem.isPresent()) {
                return problem;
            }
        }
        return Optional.empty();
    }

    private Optional<String> problemNow(String region) {
        if (regionProblem(region).isPresent() && !hasJustBeenTried(region)) {
            ReentrantLock lock = lock(region);
            lock.lock();
            try {
                if (!hasJustBeenTried(region)) {
                    see(region);
                }
            } finally {
                lock.unlock();
            }
        }
        return regionProblem(region);
    }

    private void look(String region) {
        ReentrantLock lock = lock(region);
        lock.lock();
        try {
            see(region);
        } finally {
            lock.unlock();
        }
    }

    private ReentrantLock lock(String region) {
        return looking.computeIfAbsent(region, each -> new ReentrantLock());
    }

    private boolean hasJustBeenTried(String region) {
        Seen known = seen.get(region);
        return known != null && known.triedAt().plus(PAUSE).isAfter(clock.instant());
    }

    private void see(String region) {
        Optional<String> before = seen.containsKey(region) ? regionProblem(region) : Optional.empty();
        seen.put(region, fresh(region));
        Optional<String> after = regionProblem(region);
        if (!after.equals(before)) {
            after.ifPresentOrElse(
                    problem -> LOG.log(
                            config.requireZeroRetention() ? Logger.Level.WARN : Logger.Level.INFO,
                            "It is not proven that Amazon Bedrock keeps nothing. " + problem),
                    () -> LOG.infof("It is proven again that Amazon Bedrock keeps nothing in %s", region));
        }
    }

    private Seen fresh(String region) {
        Seen last = seen.get(region);
        try {
            String mode = settings.retentionMode(Region.of(region));
            boolean logging = settings.logsInvocations(Region.of(region));
            Instant now = clock.instant();
            return new Seen(mode, logging, now, null, now);
        } catch (SdkException e) {
            ModelFailure failure = BedrockFailures.translate(e);
            return last == null
                    ? new Seen(null, false, null, failure, clock.instant())
                    : new Seen(last.mode(), last.logging(), last.at(), failure, clock.instant());
        }
    }

    /** What is wrong in a Region, by what is known of it. */
    private Optional<String> regionProblem(String region) {
        Seen known = seen.get(region);
        if (known == null) {
            return Optional.of("The settings of the AWS account in " + region + " have not been read yet.");
        }
        boolean refused = known.failure() != null && !known.failure().mayPass();
        boolean old = known.at() == null
                || !known.at()
                        .plus(config.retentionInterval().multipliedBy(GOOD_FOR))
                        .isAfter(clock.instant());
        if (refused || old) {
            return Optional.of(unread(region, known.failure()));
        }
        if (!known.mode().equals(NONE)) {
            return Optional.of("The data-retention mode of the AWS account in " + region + " is '" + known.mode()
                    + "'. The operator of this service has to set it to 'none' (PutAccountDataRetention in that"
                    + " Region).");
        }
        return known.logging()
                ? Optional.of("Model invocation logging is on in " + region + ". The operator of this service has to"
                        + " delete it (DeleteModelInvocationLoggingConfiguration in that Region).")
                : Optional.empty();
    }

    private static String unread(String region, ModelFailure failure) {
        return "The settings of the AWS account in " + region + " cannot be read"
                + switch (failure == null ? null : failure.kind()) {
                    case DENIED ->
                        ": the operator of this service has to give its role bedrock:GetAccountDataRetention and"
                                + " bedrock:GetModelInvocationLoggingConfiguration there.";
                    case NOT_SET_UP ->
                        ": AWS does not accept the credentials of this service there. Its operator has to renew them, or"
                                + " enable the Region for the account.";
                    case UNKNOWN_MODEL, REFUSED -> ": the Region does not say what it retains.";
                    case null, default -> " at the moment. Try again later.";
                };
    }
}
