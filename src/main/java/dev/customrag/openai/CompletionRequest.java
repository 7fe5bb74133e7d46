package dev.customrag.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.customrag.assistant.Assistant;
import dev.customrag.chat.Completions.Said;
import dev.customrag.http.Problem;
import dev.customrag.model.Generation;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What OpenAI's API takes for a chat completion (its reference, "Create chat completion"), as far as it means something
 * here. What would change the answer and cannot be had is refused; of the rest unknown members are ignored.
 *
 * @param model an assistant's id, or its name
 * @param temperature up to 2 there; what is above 1 is 1 here, where models end
 * @param maxTokens the former name of {@code maxCompletionTokens}
 * @param stop a text before which the answer ends, or up to four
 */
@Schema(name = "ChatCompletionRequest")
record CompletionRequest(
        @NotBlank @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must be text without NUL")
        String model,

        @NotEmpty List<@NotNull @Valid Message> messages,

        Boolean stream,
        StreamOptions streamOptions,

        @DecimalMin("0") @DecimalMax("2") Double temperature,

        @DecimalMin(value = "0", inclusive = false) @DecimalMax("1")
        Double topP,

        @Min(1) Integer maxCompletionTokens,
        @Min(1) Integer maxTokens,

        @Min(1) @Max(value = 1, message = "must be 1: there is one answer")
        Integer n,

        @Schema(type = SchemaType.STRING) JsonNode stop,

        @Schema(hidden = true) JsonNode tools,
        @Schema(hidden = true) JsonNode functions,
        @Schema(hidden = true) JsonNode responseFormat,
        @Schema(hidden = true) JsonNode modalities,
        @Schema(hidden = true) JsonNode audio,
        @Schema(hidden = true) JsonNode logprobs) {

    private static final int MOST_STOPS = 4;
    private static final int LONGEST_STOP = 1000;

    /** The longest question of POST /sessions/{id}/messages. */
    private static final int LONGEST_QUESTION = 32_000;

    /**
     * One message.
     *
     * @param content a text, or parts of type {@code text}
     */
    @Schema(name = "ChatCompletionMessage")
    record Message(
            @NotNull String role,

            @Schema(type = SchemaType.STRING) JsonNode content,

            @Schema(hidden = true) JsonNode toolCalls,
            @Schema(hidden = true) JsonNode functionCall) {}

    /** @param includeUsage whether a last chunk says what it took */
    @Schema(name = "ChatCompletionStreamOptions")
    record StreamOptions(Boolean includeUsage) {}

    boolean streams() {
        return Boolean.TRUE.equals(stream);
    }

    boolean includesUsage() {
        return streamOptions != null && Boolean.TRUE.equals(streamOptions.includeUsage());
    }

    /**
     * The conversation: what the system says, then turns that begin and end with the user.
     *
     * @throws Problem 422 if it is none, or holds what is no text
     */
    List<Said> conversation() {
        refuse("tools", tools);
        refuse("functions", functions);
        refuse("audio", audio);
        if (logprobs != null && logprobs.asBoolean()) {
            throw Problem.invalid("logprobs", "is not supported");
        }
        if (modalities != null && modalities.isArray()) {
            modalities.forEach(modality -> {
                if (!modality.asText().equals("text")) {
                    throw Problem.invalid("modalities", "may be text only");
                }
            });
        }
        if (responseFormat != null
                && !responseFormat.isNull()
                && !responseFormat.path("type").asText().equals("text")) {
            throw Problem.invalid("response_format", "may be text only");
        }
        return new ReadMessages(messages, LONGEST_QUESTION).said();
    }

    private static void refuse(String field, JsonNode value) {
        if (value != null && !value.isNull() && !value.isEmpty()) {
            throw Problem.invalid(field, "is not supported: assistants answer in text");
        }
    }

    /** How the answer is to be made: as said here, else as the assistant says. */
    Generation generation(Assistant assistant) {
        Integer most = Stream.of(maxCompletionTokens, maxTokens)
                .filter(Objects::nonNull)
                .min(Integer::compare)
                .orElse(assistant.maxTokens());
        return new Generation(
                temperature == null ? assistant.temperature() : Double.valueOf(Math.min(1, temperature)),
                topP == null ? assistant.topP() : topP,
                most);
    }

    /**
     * Before which texts the answer ends.
     *
     * @throws Problem 422 if that is no text, or too many
     */
    List<String> stops() {
        if (stop == null || stop.isNull()) {
            return List.of();
        }
        var texts = new ArrayList<String>();
        for (JsonNode text : stop.isArray() ? stop : List.of(stop)) {
            texts.add(text.isTextual() ? text.asText() : "");
        }
        if (texts.size() > MOST_STOPS
                || texts.stream().anyMatch(text -> text.isEmpty() || text.length() > LONGEST_STOP)) {
            throw Problem.invalid("stop", "must be a text of up to 1000 characters, or up to four");
        }
        return texts;
    }
}
