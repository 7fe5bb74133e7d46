package dev.customrag.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** Calls to one sign-in provider, bounded in time and size. Redirects are not followed: no endpoint should send any. */
final class ProviderHttp {

    private static final Logger LOG = Logger.getLogger(ProviderHttp.class);

    /** Google's and Microsoft's documents are a few kilobytes. */
    private static final long LARGEST_ANSWER = 1024 * 1024;

    private final String provider;
    private final Duration timeout;
    private final ObjectMapper json;
    private final HttpClient client;

    ProviderHttp(String provider, Duration timeout, ObjectMapper json) {
        this.provider = provider;
        this.timeout = timeout;
        this.json = json;
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The JSON object at an address, which has to answer 200. */
    JsonNode get(URI address, Map<String, String> headers) {
        HttpResponse<String> answer = send(request(address, headers).GET());
        if (answer.statusCode() != 200) {
            throw failed("status " + answer.statusCode());
        }
        return parsed(answer.body());
    }

    /** The text at an address, whatever the status. */
    HttpResponse<String> text(URI address) {
        return send(request(address, Map.of()).GET());
    }

    /** The answer to a form, whatever the status. */
    HttpResponse<String> post(URI address, Map<String, String> form, Map<String, String> headers) {
        return send(request(address, headers)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encoded(form))));
    }

    /** The JSON of an answer. */
    JsonNode parsed(String answer) {
        try {
            return json.readTree(answer);
        } catch (JsonProcessingException e) {
            // Not passed on: its message quotes the answer.
            throw failed("no JSON");
        }
    }

    /** Notes for the operator why the provider fails, in words of ours. */
    SocialRefusal failed(String why) {
        LOG.warnf("Sign-in provider %s fails: %s", provider, why);
        return SocialRefusal.providerFailed();
    }

    /** {@code application/x-www-form-urlencoded}, also for the query of an address. */
    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static HttpRequest.Builder request(URI address, Map<String, String> headers) {
        // GitHub answers nobody without a name.
        var request = HttpRequest.newBuilder(address)
                .header("User-Agent", "CustomRAGAssistant")
                .header("Accept", "application/json");
        headers.forEach(request::setHeader);
        return request;
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        // The client's own timeout ends with the headers of the answer.
        Future<HttpResponse<String>> answer =
                client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
        try {
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw tooSlow();
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking a sign-in provider", e);
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case HttpTimeoutException slow -> tooSlow();
                case IOException broken -> failed(broken.getClass().getSimpleName());
                default -> new IllegalStateException("Cannot ask a sign-in provider", e.getCause());
            };
        }
    }

    private SocialRefusal tooSlow() {
        LOG.warnf("Sign-in provider %s does not answer within %s", provider, timeout);
        return SocialRefusal.providerTooSlow();
    }
}
