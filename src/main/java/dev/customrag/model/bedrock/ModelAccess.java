package dev.customrag.model.bedrock;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrock.model.AgreementStatus;
import software.amazon.awssdk.services.bedrock.model.AuthorizationStatus;
import software.amazon.awssdk.services.bedrock.model.EntitlementAvailability;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityResponse;
import software.amazon.awssdk.services.bedrock.model.RegionAvailability;

/**
 * Whether the account was ever given a foundation model, which its being listed does not say: Bedrock API reference,
 * GetFoundationModelAvailability. A model without an agreement counts as not given, though a first call by somebody who may
 * subscribe in the AWS Marketplace would make one (Bedrock User Guide, "Request access to models"): to accept terms is for
 * the operator to do, not for whoever happens to ask first. Where this cannot be found out nothing is said, and the call
 * of the model has the last word.
 */
class ModelAccess {

    private static final Logger LOG = Logger.getLogger(ModelAccess.class);

    /** Access is hardly ever taken away, and then the call itself is refused. */
    private static final Duration GRANTED = Duration.ofMinutes(10);

    /** Whoever has just been given access should not wait. */
    private static final Duration REFUSED = Duration.ofSeconds(30);

    private final BedrockClients clients;
    private final InstantSource clock;
    private final Executor background;
    private final Map<String, Verdict> verdicts = new ConcurrentHashMap<>();
    private final Set<String> asking = ConcurrentHashMap.newKeySet();

    /**
     * @param background where a question is asked that nobody waits for
     */
    ModelAccess(BedrockClients clients, InstantSource clock, Executor background) {
        this.clients = clients;
        this.clock = clock;
        this.background = background;
    }

    private record Verdict(Optional<ModelFailure> refusal, Instant until) {}

    /**
     * Asks, unless the answer is remembered.
     *
     * @throws ModelFailure of kind {@code DENIED} if the account has no access; {@code UNKNOWN_MODEL} if the model is not
     *     in this Region
     */
    void check(Offer offer) {
        if (isFoundationModel(offer)) {
            remembered(offer)
                    .or(() -> Optional.of(ask(offer)))
                    .flatMap(Verdict::refusal)
                    .ifPresent(refusal -> {
                        throw refusal;
                    });
        }
    }

    /**
     * As far as it is remembered, at once; otherwise somebody later will know.
     *
     * @throws ModelFailure as {@link #check}
     */
    void checkRemembered(Offer offer) {
        if (isFoundationModel(offer)) {
            Optional<Verdict> known = remembered(offer);
            if (known.isEmpty() && asking.add(offer.id())) {
                background.execute(() -> {
                    try {
                        ask(offer);
                    } finally {
                        asking.remove(offer.id());
                    }
                });
            }
            known.flatMap(Verdict::refusal).ifPresent(refusal -> {
                throw refusal;
            });
        }
    }

    /** By itself or through a profile. What the account has made of one, it has access to. */
    private static boolean isFoundationModel(Offer offer) {
        return offer.foundationModel() != null && Reach.ofArn(offer.id()).isEmpty();
    }

    private Optional<Verdict> remembered(Offer offer) {
        return Optional.ofNullable(verdicts.get(offer.id()))
                .filter(verdict -> verdict.until().isAfter(clock.instant()));
    }

    private Verdict ask(Offer offer) {
        Optional<ModelFailure> refusal = Optional.empty();
        try {
            refusal = refusal(
                    offer,
                    clients.control().getFoundationModelAvailability(about -> about.modelId(offer.foundationModel())));
        } catch (SdkException e) {
            LOG.debugf(
                    "Access to a model could not be looked up: %s", e.getClass().getSimpleName());
        }
        var verdict = new Verdict(refusal, clock.instant().plus(refusal.isPresent() ? REFUSED : GRANTED));
        verdicts.put(offer.id(), verdict);
        return verdict;
    }

    private static Optional<ModelFailure> refusal(Offer offer, GetFoundationModelAvailabilityResponse answer) {
        boolean direct = offer.id().equals(offer.foundationModel());
        if (direct && answer.regionAvailability() == RegionAvailability.NOT_AVAILABLE) {
            return Optional.of(new ModelFailure(
                    Kind.UNKNOWN_MODEL, "This model is not available in the Region of this service. Choose another."));
        }
        if (answer.authorizationStatus() == AuthorizationStatus.NOT_AUTHORIZED) {
            return denied(
                    "This service's AWS account is not authorized to use this model. Its operator has to have that"
                            + " changed, in IAM or in the policies of the organization, or you choose another model.");
        }
        if (answer.entitlementAvailability() == EntitlementAvailability.NOT_AVAILABLE) {
            return denied("This service's AWS account was never given access to this model. Its operator has to request"
                    + " it, in the model catalog of the Bedrock console, or you choose another model.");
        }
        AgreementStatus agreement = answer.agreementAvailability() == null
                ? null
                : answer.agreementAvailability().status();
        return switch (agreement) {
            case PENDING ->
                denied("Access to this model is being set up, which takes some minutes. Try again later, or choose"
                        + " another model.");
            case NOT_AVAILABLE, ERROR ->
                denied("This service's AWS account has not accepted the terms of this model. Its operator has to do so,"
                        + " by opening it once in the model catalog of the Bedrock console, or you choose another"
                        + " model.");
            case null, default -> Optional.empty();
        };
    }

    private static Optional<ModelFailure> denied(String message) {
        return Optional.of(new ModelFailure(Kind.DENIED, message));
    }
}
