package dev.customrag.model;

import java.time.Instant;
import java.util.List;

/**
 * What a provider keeps of what it is sent, as far as this service has seen for itself.
 *
 * @param leaves whether questions, passages and answers leave this service at all
 * @param required whether models are only called where it is proven that nothing is kept
 * @param proven whether it is, for the models this service is configured with
 * @param regions what was seen, by Region; empty where nothing leaves
 * @param unproven models on offer of which it is not proven; they are not called if that is required
 * @param enforced what the settings bring about, and what is the provider's word alone, for people
 */
public record Retention(
        boolean leaves,
        boolean required,
        boolean proven,
        List<InRegion> regions,
        List<Unproven> unproven,
        String enforced) {

    /** For models in this process. */
    public static final Retention NOTHING_LEAVES = new Retention(
            false, false, true, List.of(), List.of(), "Models run within this service. Nothing is sent to anybody.");

    /**
     * The settings of the provider's account in one Region.
     *
     * @param mode the data-retention mode, such as {@code none}; null if it could never be read
     * @param invocationLogging whether what models are asked and answer is logged; null as {@code mode}
     * @param checkedAt when both were read last; null as {@code mode}
     * @param problem what is wrong and how to mend it; null if it is proven that nothing is kept
     */
    public record InRegion(String region, String mode, Boolean invocationLogging, Instant checkedAt, String problem) {}

    /**
     * A model of which it is not proven.
     *
     * @param reason why, and what would help
     */
    public record Unproven(String modelId, String reason) {}
}
