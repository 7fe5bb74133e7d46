package dev.customrag.identity;

import java.util.Set;

/** Keys that stand in documents and examples with their private halves, so that anybody signs with them. */
final class PublishedKeys {

    private static final Set<String> THUMBPRINTS = Set.of(
            // RFC 7515, appendix A.2
            "IsUn6_e04MaShXFIISMp4kG62LWzMIPy_MvSA5pJgX8",
            // RFC 7517, appendix A.2; the thumbprint itself stands in RFC 7638, section 3.1
            "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
            // The page of jwt.io, for RS256
            "oGDmHqCJ7yzMkWEkrlZVHkvrHIyQwtlDmeq5ForUHeY",
            // Quarkus' quickstart security-jwt, privateKey.pem
            "ML2-9SXxlH35jv0jOI_SWXv1qK_B_pcL9PowUXAA76o");

    private PublishedKeys() {}

    /** Whether the key of that thumbprint (RFC 7638) is one of them. */
    static boolean contain(String thumbprint) {
        return THUMBPRINTS.contains(thumbprint);
    }
}
