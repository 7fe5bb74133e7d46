package dev.customrag.model.bedrock;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/**
 * Tells the SDK's exceptions apart: by error code first, as events in a stream have no HTTP status of their own. What the
 * provider wrote stays here; the log gets the code and the request id, the person a sentence of ours.
 */
final class BedrockFailures {

    private static final Logger LOG = Logger.getLogger(BedrockFailures.class);

    private static final List<Class<? extends Exception>> TIMEOUTS = List.of(
            ApiCallTimeoutException.class,
            ApiCallAttemptTimeoutException.class,
            SocketTimeoutException.class,
            TimeoutException.class,
            io.netty.handler.timeout.TimeoutException.class);

    /** Words of models and of Bedrock about a prompt that does not fit. */
    private static final List<String> TOO_LONG = List.of(
            "too long",
            "too large for model",
            "context length",
            "context limit",
            "context window",
            "input tokens exceeded",
            "number of input tokens",
            "maximum input");

    /** What was sent: Claude, then those that are served as OpenAI's models are, then others. */
    private static final List<Pattern> TOKENS = List.of(
            Pattern.compile("(\\d{1,9}) tokens? > \\d"),
            Pattern.compile("context limit: (\\d{1,9}) \\+ (\\d{1,9})"),
            Pattern.compile("you requested (?:about )?(\\d{1,9}) tokens"),
            Pattern.compile("resulted in (\\d{1,9}) tokens"),
            Pattern.compile("number of input tokens \\((\\d{1,9})\\)"));

    /** What the model takes. */
    private static final List<Pattern> MOST_TOKENS = List.of(
            Pattern.compile("tokens? > (\\d{1,9})"),
            Pattern.compile("context limit: \\d+ \\+ \\d+ > (\\d{1,9})"),
            Pattern.compile("maximum context length is (\\d{1,9})"),
            Pattern.compile("with (\\d{1,9}) maximum context length"),
            Pattern.compile("max_prompt_tokens \\((\\d{1,9})\\)"));

    private static final Pattern LONGEST_ANSWER =
            Pattern.compile("maximum tokens you requested exceeds? the model limit of (\\d{1,9})");

    private BedrockFailures() {}

    /** What is known of a prompt that is refused for its length, if the provider says no figures. */
    record Length(int estimatedTokens, OptionalInt mostTokens) {

        static final Length UNKNOWN = new Length(0, OptionalInt.empty());
    }

    /** What an exception from a call to Bedrock means. */
    static ModelFailure translate(Throwable exception) {
        return translate(exception, Length.UNKNOWN);
    }

    /** As {@link #translate(Throwable)}, of a call with a prompt of which we know the length ourselves. */
    static ModelFailure translate(Throwable exception, Length length) {
        List<Throwable> chain = chain(exception);
        Optional<ModelFailure> ours = first(chain, ModelFailure.class);
        if (ours.isPresent()) {
            return ours.get();
        }
        Optional<AwsServiceException> service = first(chain, AwsServiceException.class);
        if (service.isPresent()) {
            return ofService(service.get(), length);
        }
        LOG.warnf("Bedrock call failed: %s", types(chain));
        if (TIMEOUTS.stream().anyMatch(type -> first(chain, type).isPresent())) {
            return timeout();
        }
        if (says(chain, "Unable to load region")) {
            return noRegion();
        }
        return says(chain, "Unable to load credentials") ? noCredentials() : brokenOff();
    }

    /** The model said nothing, or no more, for too long. */
    static ModelFailure timeout() {
        return new ModelFailure(Kind.TIMEOUT, "The model did not answer in time. Try again, or choose a faster model.");
    }

    /** The answer took all that was left of the model's window, so that it is cut. */
    static ModelFailure windowExceeded() {
        return new ModelFailure(
                Kind.TOO_LONG,
                "The answer did not fit the model any more, after a question, history and sources of this length."
                        + " Start a new conversation or choose a model with a larger window.");
    }

    /** The model wrote something that is not text. */
    static ModelFailure malformed() {
        return new ModelFailure(Kind.UNAVAILABLE, "The model gave an answer that cannot be read. Try again.");
    }

    /** A conversation that the model would refuse, or worse, read as if one had said what another did. */
    static ModelFailure notInTurns() {
        return new ModelFailure(
                Kind.REFUSED,
                "The messages of a conversation have to be questions and answers in turns, none of them empty, the first"
                        + " and the last a question.");
    }

    /** The model has failed again and again. */
    static ModelFailure leftAlone(Duration wait) {
        return new ModelFailure(
                        Kind.UNAVAILABLE,
                        "The model has failed several times and is left alone for a while. Try again later, or choose"
                                + " another.")
                .retryAfter(wait);
    }

    /** This process has no place for another answer. */
    static ModelFailure busy(Duration wait) {
        return new ModelFailure(
                        Kind.BUSY, "This service has as many answers under way as it may. Try again in a moment.")
                .retryAfter(wait);
    }

    /** The answer ended before it was complete. */
    static ModelFailure brokenOff() {
        return new ModelFailure(
                Kind.UNAVAILABLE, "Amazon Bedrock could not be reached or broke off. Try again in a moment.");
    }

    static ModelFailure unknownModel() {
        return new ModelFailure(
                Kind.UNKNOWN_MODEL,
                "There is no such model in this account and region. GET /models lists what there is.");
    }

    private static ModelFailure ofService(AwsServiceException exception, Length length) {
        String code = exception.awsErrorDetails() == null
                        || exception.awsErrorDetails().errorCode() == null
                ? exception.getClass().getSimpleName()
                : exception.awsErrorDetails().errorCode();
        LOG.warnf("Bedrock refused: %s, HTTP %d, request %s", code, exception.statusCode(), exception.requestId());
        return switch (code.toLowerCase(Locale.ROOT).replaceFirst("exception$", "")) {
            case "throttling", "toomanyrequests", "servicequotaexceeded", "modelnotready" -> throttled(exception);
            case "accessdenied" -> denied();
            case "unrecognizedclient",
                    "invalidsignature",
                    "incompletesignature",
                    "expiredtoken",
                    "invalididentitytoken",
                    "missingauthenticationtoken",
                    "invalidclienttokenid",
                    "signaturedoesnotmatch" -> noCredentials();
            case "resourcenotfound" -> unknownModel();
            case "validation" -> ofValidation(exception, length);
            case "modeltimeout" -> timeout();
            case "serviceunavailable", "internalserver", "modelstreamerror", "modelerror" -> unavailable();
            default -> ofStatus(exception, length);
        };
    }

    private static ModelFailure ofStatus(AwsServiceException exception, Length length) {
        return switch (exception.statusCode()) {
            case 413 -> tooLong("", length);
            case 400, 422 -> refused();
            case 401, 403 -> denied();
            case 404 -> unknownModel();
            case 408, 504 -> timeout();
            case 429 -> throttled(exception);
            default -> unavailable();
        };
    }

    /**
     * One code for many things. Bedrock says "The provided model identifier is invalid" and "Invocation of model ID … with
     * on-demand throughput isn’t supported" with it, and the models pass on what they say themselves.
     */
    private static ModelFailure ofValidation(AwsServiceException exception, Length length) {
        String message = String.valueOf(exception.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("model identifier") || message.contains("on-demand throughput")) {
            return unknownModel();
        }
        Matcher answer = LONGEST_ANSWER.matcher(message);
        if (answer.find()) {
            return new ModelFailure(
                    Kind.REFUSED,
                    "The longest answer of this model has " + grouped(Integer.parseInt(answer.group(1)))
                            + " tokens. Set a lower limit or choose another model.");
        }
        return TOO_LONG.stream().anyMatch(message::contains) ? tooLong(message, length) : refused();
    }

    /** Figures of the provider's message, or ours, as members of the problem too: {@code tokens}, {@code max_tokens}. */
    private static ModelFailure tooLong(String message, Length length) {
        OptionalInt told = figure(message, TOKENS);
        OptionalInt most = figure(message, MOST_TOKENS);
        if (most.isEmpty()) {
            most = length.mostTokens();
        }
        int tokens = told.orElse(length.estimatedTokens());
        // An estimate by which it should have fitted would only confuse.
        boolean counted = tokens > most.orElse(0);
        var sentence = new StringBuilder("The question with its history and sources is too long for this model");
        if (counted) {
            sentence.append(": ")
                    .append(told.isPresent() ? "" : "about ")
                    .append(grouped(tokens))
                    .append(" tokens");
        }
        if (most.isPresent()) {
            sentence.append(counted ? " of " : ", which takes ")
                    .append(grouped(most.getAsInt()))
                    .append(counted ? " at most" : " tokens");
        }
        sentence.append(". Shorten it, start a new conversation or choose a model with a larger window.");
        var failure = new ModelFailure(Kind.TOO_LONG, sentence.toString());
        if (counted) {
            failure.with("tokens", tokens);
        }
        if (most.isPresent()) {
            failure.with("max_tokens", most.getAsInt());
        }
        return failure;
    }

    /** The first that is found, the sum of its parts. */
    private static OptionalInt figure(String message, List<Pattern> patterns) {
        for (Pattern pattern : patterns) {
            Matcher found = pattern.matcher(message);
            if (found.find()) {
                return OptionalInt.of(IntStream.rangeClosed(1, found.groupCount())
                        .map(group -> Integer.parseInt(found.group(group)))
                        .sum());
            }
        }
        return OptionalInt.empty();
    }

    private static String grouped(int number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /** For what the SDK has no type of its own: no credentials, no region. */
    private static boolean says(List<Throwable> chain, String words) {
        return chain.stream().anyMatch(each -> String.valueOf(each.getMessage()).contains(words));
    }

    private static ModelFailure throttled(AwsServiceException exception) {
        var failure =
                new ModelFailure(Kind.THROTTLED, "The model has too much to do right now. Try again in a moment.");
        retryAfter(exception).ifPresent(failure::retryAfter);
        return failure;
    }

    /** In seconds, as RFC 9110, section 10.2.3, allows; nobody has sent a date yet. */
    private static Optional<Duration> retryAfter(AwsServiceException exception) {
        return Optional.ofNullable(exception.awsErrorDetails())
                .map(AwsErrorDetails::sdkHttpResponse)
                .flatMap(response -> response.firstMatchingHeader("Retry-After"))
                .filter(seconds -> seconds.matches("\\d{1,4}"))
                .map(seconds -> Duration.ofSeconds(Integer.parseInt(seconds)));
    }

    private static ModelFailure denied() {
        return new ModelFailure(
                Kind.DENIED,
                "This service's AWS account may not use the model. Choose another, or have access to it granted.");
    }

    private static ModelFailure noCredentials() {
        return new ModelFailure(
                Kind.NOT_SET_UP, "This service has no valid AWS credentials. Its operator has to set or renew them.");
    }

    private static ModelFailure noRegion() {
        return new ModelFailure(
                Kind.NOT_SET_UP, "This service has no AWS region. Its operator has to set MODEL_BEDROCK_REGION.");
    }

    private static ModelFailure refused() {
        return new ModelFailure(
                Kind.REFUSED,
                "The model does not take this request: its length, its settings or its form. Shorten it, take settings"
                        + " away or choose another model.");
    }

    private static ModelFailure unavailable() {
        return new ModelFailure(Kind.UNAVAILABLE, "Amazon Bedrock has a fault at the moment. Try again later.");
    }

    private static <T extends Throwable> Optional<T> first(List<Throwable> chain, Class<T> type) {
        return chain.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    private static String types(List<Throwable> chain) {
        return chain.stream().map(each -> each.getClass().getSimpleName()).collect(Collectors.joining(" < "));
    }

    private static List<Throwable> chain(Throwable exception) {
        var chain = new ArrayList<Throwable>();
        for (Throwable each = exception; each != null && chain.size() < 20; each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }
}
