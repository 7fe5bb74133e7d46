package dev.customrag.assistant;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.customrag.http.Problem;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.validation.groups.Default;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a person says about an assistant. What is absent stays as it is, or as a new one has it. Null clears what may be
 * empty, which are the optionals; it says nothing of the rest.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
class AssistantRequest {

    /** For one that is not there yet. */
    interface Whole extends Default {}

    static final int LONGEST_NAME = 100;
    static final int MOST_DOCUMENTS = 500;

    /** No control characters, line breaks of any kind, or halves of a character. */
    private static final String ONE_LINE = "[^\\p{Cc}\\p{Cs}\\u2028\\u2029]*";

    /** NUL and halves of a character PostgreSQL does not store. */
    private static final String TEXT = "[^\\x00\\p{Cs}]*";

    private static final String NO_TEXT = "must be text without NUL";

    @NotNull(groups = Whole.class)
    @Size(max = LONGEST_NAME)
    @Pattern(regexp = ONE_LINE, message = "must be one line")
    @Pattern(regexp = ".*\\S.*", flags = Pattern.Flag.DOTALL, message = "must not be blank")
    public String name;

    public Optional<@Size(max = 1000) @Pattern(regexp = TEXT, message = NO_TEXT) String> description;

    public Optional<@Size(max = 8000) @Pattern(regexp = TEXT, message = NO_TEXT) String> instructions;

    public Optional<@Size(min = 1, max = 2048) @Pattern(regexp = TEXT, message = NO_TEXT) String> modelId;

    public Optional<@DecimalMin("0") @DecimalMax("1") Double> temperature;

    public Optional<@DecimalMin(value = "0", inclusive = false) @DecimalMax("1") Double> topP;

    public Optional<@Min(1) @Max(1_000_000) Integer> maxTokens;

    @Valid
    public RetrievalRequest retrieval;

    public Assistant.AnswersFrom answersFrom;

    public Boolean allDocuments;

    @Size(max = MOST_DOCUMENTS)
    public Set<@NotNull UUID> documentIds;

    public Boolean isDefault;

    record RetrievalRequest(
            Boolean enabled, @Min(1) @Max(50) Integer limit) {

        private Assistant.Retrieval of(Assistant.Retrieval before) {
            return new Assistant.Retrieval(
                    enabled == null ? before.enabled() : enabled, limit == null ? before.limit() : limit);
        }
    }

    /** All that makes another one like it, but the documents, which another person has not. */
    static AssistantRequest of(Assistant assistant) {
        var request = new AssistantRequest();
        request.name = assistant.name();
        request.description = Optional.of(assistant.description());
        request.instructions = Optional.of(assistant.instructions());
        request.modelId = Optional.ofNullable(assistant.modelId());
        request.temperature = Optional.ofNullable(assistant.temperature());
        request.topP = Optional.ofNullable(assistant.topP());
        request.maxTokens = Optional.ofNullable(assistant.maxTokens());
        request.retrieval = new RetrievalRequest(
                assistant.retrieval().enabled(), assistant.retrieval().limit());
        request.answersFrom = assistant.answersFrom();
        request.allDocuments = assistant.allDocuments();
        return request;
    }

    /**
     * The assistant as it is to be, except for which one is the default.
     *
     * @throws Problem 422 if it is to know all documents and only some
     */
    Assistant applied(Assistant before, Instant now) {
        boolean all = knowsAll(before);
        Set<UUID> ids = documentIds == null ? before.documentIds() : documentIds;
        return new Assistant(
                before.id(),
                name == null ? before.name() : name.strip(),
                changed(description, before.description(), ""),
                changed(instructions, before.instructions(), ""),
                changed(modelId, before.modelId(), null),
                changed(temperature, before.temperature(), null),
                changed(topP, before.topP(), null),
                changed(maxTokens, before.maxTokens(), null),
                retrieval == null ? before.retrieval() : retrieval.of(before.retrieval()),
                answersFrom == null ? before.answersFrom() : answersFrom,
                all,
                all ? Set.of() : ids,
                before.isDefault(),
                before.createdAt(),
                now);
    }

    /** Who names documents means those only. */
    private boolean knowsAll(Assistant before) {
        if (Boolean.TRUE.equals(allDocuments) && documentIds != null && !documentIds.isEmpty()) {
            throw Problem.invalid("document_ids", "must be empty or absent where all_documents is true");
        }
        if (allDocuments != null) {
            return allDocuments;
        }
        return documentIds == null && before.allDocuments();
    }

    private static <T> T changed(Optional<T> change, T before, T none) {
        return change == null ? before : change.orElse(none);
    }
}
