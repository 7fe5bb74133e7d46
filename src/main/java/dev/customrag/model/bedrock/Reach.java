package dev.customrag.model.bedrock;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The Regions that may work on a call: that of the service, in which it begins and is logged, and those an inference
 * profile sends it on to. What a Region retains is kept there: Bedrock User Guide, "Data retention".
 *
 * @param regions those that are named, in order
 * @param anywhere whether any other commercial Region may be among them, as with global profiles
 */
record Reach(Set<String> regions, boolean anywhere) {

    /** Stands for any Region where Regions are listed. */
    private static final String ANYWHERE = "*";

    private static final int ARN_PARTS = 6;
    private static final int REGION = 3;
    private static final int RESOURCE = 5;
    private static final String FOUNDATION_MODEL = "foundation-model/";

    Reach {
        regions = new TreeSet<>(regions);
    }

    /** One that stays where it begins. */
    static Reach within(String region) {
        return new Reach(Set.of(region), false);
    }

    /**
     * That of a profile.
     *
     * @param home where calls begin
     * @param models the ARNs of its models, one for each Region; one without a Region stands for all
     */
    static Reach of(String home, Collection<String> models) {
        var regions = new TreeSet<>(Set.of(home));
        boolean anywhere = models.isEmpty();
        for (String model : models) {
            Optional<String> region = regionOf(model);
            region.ifPresent(regions::add);
            anywhere |= region.isEmpty();
        }
        return new Reach(regions, anywhere);
    }

    /**
     * That of an ARN by itself: of a model, imported, deployed or provisioned ones included, which stay in their Region.
     * Empty for what says nothing about it, such as the ARN of a profile.
     */
    static Optional<Reach> ofArn(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        boolean staysThere = parts.length == ARN_PARTS
                && List.of("foundation-model", "imported-model", "provisioned-model", "custom-model-deployment")
                        .contains(parts[RESOURCE].split("/", 2)[0]);
        return staysThere ? regionOf(arn).map(Reach::within) : Optional.empty();
    }

    /** The id in the ARN of a foundation model; empty for another ARN. */
    static Optional<String> foundationModel(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        return parts.length == ARN_PARTS && parts[RESOURCE].startsWith(FOUNDATION_MODEL)
                ? Optional.of(parts[RESOURCE].substring(FOUNDATION_MODEL.length()))
                : Optional.empty();
    }

    /** Whether nothing leaves this Region. */
    boolean isWithin(String region) {
        return !anywhere && regions.equals(Set.of(region));
    }

    /** As people read it. */
    List<String> listed() {
        return anywhere ? List.of(ANYWHERE) : List.copyOf(regions);
    }

    private static Optional<String> regionOf(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        return parts.length == ARN_PARTS && !parts[REGION].isEmpty() ? Optional.of(parts[REGION]) : Optional.empty();
    }
}
