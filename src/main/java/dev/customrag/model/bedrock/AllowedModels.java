package dev.customrag.model.bedrock;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which models the operator lets people use: {@code model.bedrock.allowed-models}. */
final class AllowedModels {

    private final List<Pattern> patterns;

    /**
     * @param globs ids in which {@code *} stands for any characters
     */
    AllowedModels(List<String> globs) {
        patterns = globs.stream()
                .map(glob -> Arrays.stream(glob.strip().split("\\*", -1))
                        .map(Pattern::quote)
                        .collect(Collectors.joining(".*")))
                .map(Pattern::compile)
                .toList();
    }

    /** Whether an id is allowed as it stands. */
    boolean names(String id) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(id).matches());
    }

    /**
     * Whether a model is allowed: by its id; or, where that is an ARN, which names no model, by the model behind it. The
     * latter only within the home Region: who allows a model has not allowed to send questions elsewhere for it.
     */
    boolean permit(Offer offer, String home) {
        return names(offer.id())
                || offer.id().startsWith("arn:")
                        && offer.foundationModel() != null
                        && offer.reach().isWithin(home)
                        && names(offer.foundationModel());
    }
}
