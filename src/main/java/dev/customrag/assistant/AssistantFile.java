package dev.customrag.assistant;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.validation.groups.ConvertGroup;
import jakarta.validation.groups.Default;
import java.time.Instant;
import java.util.List;

/**
 * An assistant outside of here: what makes it, without ids, which mean nothing elsewhere.
 *
 * @param documents what it knows, where it does not know all
 */
record AssistantFile(
        @NotNull @Pattern(regexp = FORMAT, message = "must be " + FORMAT)
        String format,

        @NotNull @Min(VERSION) @Max(value = VERSION, message = "is newer than this service can read")
        Integer version,

        Instant exportedAt,

        @NotNull @Valid @ConvertGroup(from = Default.class, to = AssistantRequest.Whole.class)
        AssistantRequest assistant,

        @Size(max = AssistantRequest.MOST_DOCUMENTS) List<@NotNull @Valid KnownDocument> documents) {

    static final String FORMAT = "customrag-assistant";
    static final int VERSION = 1;

    /** A document, found again by its bytes; the name is for people. */
    record KnownDocument(
            @NotNull @Size(max = 255) String filename,

            @NotNull @Pattern(regexp = "[0-9a-f]{64}", message = "must be 64 hexadecimal digits in lower case")
            String sha256) {}
}
