package dev.customrag.model.bedrock;

import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelFailure.Kind;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
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

    private BedrockFailures() {}

    /** What an exception from a call to Bedrock means. */
    static ModelFailure translate(Throwable exception) {
        List<Throwable> chain = chain(exception);
        Optional<ModelFailure> ours = first(chain, ModelFailure.class);
        if (ours.isPresent()) {
            return ours.get();
        }
        Optional<AwsServiceException> service = first(chain, AwsServiceException.class);
        if (service.isPresent()) {
            return ofService(service.get());
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

    private static ModelFailure ofService(AwsServiceException exception) {
        String code = exception.awsErrorDetails() == null
                        || exception.awsErrorDetails().errorCode() == null
                ? exception.getClass().getSimpleName()
                : exception.awsErrorDetails().errorCode();
        LOG.warnf("Bedrock refused: %s, HTTP %d, request %s", code, exception.statusCode(), exception.requestId());
        return switch (code.toLowerCase(Locale.ROOT).replaceFirst("exception$", "")) {
            case "throttling", "toomanyrequests", "servicequotaexceeded", "modelnotready" -> throttled();
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
            case "validation" -> namesModel(exception) ? unknownModel() : refused();
            case "modeltimeout" -> timeout();
            case "serviceunavailable", "internalserver", "modelstreamerror", "modelerror" -> unavailable();
            default -> ofStatus(exception.statusCode());
        };
    }

    private static ModelFailure ofStatus(int status) {
        return switch (status) {
            case 400, 413, 422 -> refused();
            case 401, 403 -> denied();
            case 404 -> unknownModel();
            case 408, 504 -> timeout();
            case 429 -> throttled();
            default -> unavailable();
        };
    }

    /**
     * Bedrock says "The provided model identifier is invalid" and "Invocation of model ID … with on-demand throughput
     * isn’t supported" with the same code as a prompt that is too long.
     */
    private static boolean namesModel(AwsServiceException exception) {
        String message = String.valueOf(exception.getMessage()).toLowerCase(Locale.ROOT);
        return message.contains("model identifier") || message.contains("on-demand throughput");
    }

    /** For what the SDK has no type of its own: no credentials, no region. */
    private static boolean says(List<Throwable> chain, String words) {
        return chain.stream().anyMatch(each -> String.valueOf(each.getMessage()).contains(words));
    }

    private static ModelFailure throttled() {
        return new ModelFailure(Kind.THROTTLED, "The model has too much to do right now. Try again in a moment.");
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
                "The model does not take this request, most likely for its length. Shorten it or choose another model.");
    }

    private static ModelFailure timeout() {
        return new ModelFailure(Kind.TIMEOUT, "The model did not answer in time. Try again, or choose a faster model.");
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
