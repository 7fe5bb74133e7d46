package dev.customrag.testing;

import dev.customrag.model.NumberedSources;
import dev.customrag.testing.BedrockScript.Interruption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Amazon Bedrock's wire format on a loopback port, HTTP/1.1: Converse, ConverseStream, InvokeModel for Titan and
 * Cohere embeddings, and the lists of the control plane. Refuses what is not signed with its keys. Behaves as it is told by
 * {@link BedrockScript}s, and remembers what it was asked.
 */
public final class FakeBedrock implements AutoCloseable {

    public static final String ACCESS_KEY = "AKIDEXAMPLE";
    public static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    public static final String REGION = "eu-central-1";

    public static final String NOVA = "amazon.nova-pro-v1:0";
    public static final String TITAN = "amazon.titan-embed-text-v2:0";
    public static final String COHERE_ENGLISH = "cohere.embed-english-v3";
    public static final String COHERE_MULTILINGUAL = "cohere.embed-multilingual-v3";
    public static final String COHERE_V4 = "eu.cohere.embed-v4:0";

    private static final Pattern MODEL_CALL = Pattern.compile("/model/([^/]+)/(converse|converse-stream|invoke)");
    private static final Pattern WORD_END = Pattern.compile("(?<=\\s)(?=\\S)");

    private final Vertx vertx = Vertx.vertx();
    private final BedrockLists lists = new BedrockLists();
    private final List<BedrockRequest> requests = new CopyOnWriteArrayList<>();
    private final Map<String, BedrockScript> scripts = new ConcurrentHashMap<>();
    private final Queue<BedrockScript> next = new ConcurrentLinkedQueue<>();
    private final Set<String> alsoOffered = ConcurrentHashMap.newKeySet();
    private final PromptCache cache = new PromptCache();
    private volatile BedrockScript always = BedrockScript.answer(null);
    private volatile Optional<BedrockScript.Refusal> listsRefuse = Optional.empty();
    private volatile Function<String, Optional<BedrockScript>> ofTexts = text -> Optional.empty();
    private volatile CompletableFuture<Void> embeddings = CompletableFuture.completedFuture(null);
    private final HttpServer server;

    private FakeBedrock() {
        server = await(vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                .requestHandler(request -> request.body().onSuccess(body -> handle(request, body)))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture());
    }

    public static FakeBedrock start() {
        return new FakeBedrock();
    }

    /** Where both the runtime and the control plane listen. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.actualPort());
    }

    /** How every model behaves that has no script of its own. */
    public void always(BedrockScript script) {
        always = script;
    }

    /** How one model behaves. */
    public void always(String modelId, BedrockScript script) {
        scripts.put(modelId, script);
    }

    /** How the embedding of a text goes, where this gives a script for it. */
    public void always(Function<String, Optional<BedrockScript>> ofTexts) {
        this.ofTexts = ofTexts;
    }

    /** Lets embeddings wait from now on, until they are {@link #release}d. */
    public void hold() {
        embeddings = new CompletableFuture<>();
    }

    /** Answers the embeddings that wait, and those to come. */
    public void release() {
        embeddings.complete(null);
    }

    /** How the next call of a model goes, whichever; several are used up in order. */
    public void next(BedrockScript... inOrder) {
        next.addAll(Arrays.asList(inOrder));
    }

    /** What the control plane lists and says of the account. */
    public BedrockLists lists() {
        return lists;
    }

    /** Answers for a model that is on no list, until {@link #reset}. */
    public void offer(String modelId) {
        alsoOffered.add(modelId);
    }

    /** Makes the control plane fail, or work again. */
    public void listsRefuse(Optional<BedrockScript.Refusal> refusal) {
        listsRefuse = refusal;
    }

    /** How many tokens an embedding model counts in a text. */
    public static int tokens(String text) {
        return text.length() / 4 + 1;
    }

    /** Forgets scripts and requests. */
    public void reset() {
        release();
        always = BedrockScript.answer(null);
        listsRefuse = Optional.empty();
        lists.reset();
        ofTexts = text -> Optional.empty();
        scripts.clear();
        next.clear();
        alsoOffered.clear();
        cache.clear();
        requests.clear();
    }

    /** Forgets requests alone. */
    public void forgetRequests() {
        requests.clear();
    }

    /** All properly signed requests so far, oldest first. */
    public List<BedrockRequest> requests() {
        return List.copyOf(requests);
    }

    /** Those of one operation, such as {@code converse-stream}. */
    public List<BedrockRequest> requests(String operation) {
        return requests.stream()
                .filter(request -> request.operation().equals(operation))
                .toList();
    }

    /** Waits for a request of this operation and gives the newest. */
    public BedrockRequest awaitRequest(String operation) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (requests(operation).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("No request " + operation);
            }
            sleep();
        }
        return requests(operation).getLast();
    }

    @Override
    public void close() {
        await(vertx.close().toCompletionStage().toCompletableFuture());
    }

    private void handle(HttpServerRequest request, Buffer body) {
        var signed = new SignatureCheck.Signed(
                request.method().name(), request.path(), request.query(), request.headers(), body.getBytes());
        Matcher call = MODEL_CALL.matcher(request.path());
        // Models answer in the Region of the service, the control plane is asked in others as well.
        String region = call.matches() ? REGION : SignatureCheck.region(signed).orElse(REGION);
        Optional<String> refusal = signature(region).refusal(signed);
        if (refusal.isPresent()) {
            refuse(request.response(), 403, refusal.get(), "The request signature we calculated does not match.");
            return;
        }
        if (call.matches()) {
            String modelId = URLDecoder.decode(call.group(1), StandardCharsets.UTF_8);
            converse(remember(request, call.group(2), modelId, body.toJsonObject()), request.response());
            return;
        }
        remember(request, request.path().substring(1), "", new JsonObject());
        Optional<BedrockScript.Refusal> refused = listsRefuse.or(() -> lists.refusal(request.path()));
        if (refused.isPresent()) {
            refuse(request.response(), refused.get());
            return;
        }
        Optional<JsonObject> list = lists.at(request.path(), request.params(), region);
        if (list.isPresent()) {
            answer(request.response(), list.get());
        } else {
            refuse(request.response(), 404, "UnknownOperationException", "");
        }
    }

    private static SignatureCheck signature(String region) {
        return new SignatureCheck(ACCESS_KEY, SECRET_KEY, region, "bedrock", Clock.systemUTC());
    }

    private BedrockRequest remember(HttpServerRequest request, String operation, String modelId, JsonObject body) {
        var closedEarly = new CompletableFuture<Void>();
        HttpServerResponse response = request.response();
        response.closeHandler(closed -> {
            if (!response.ended()) {
                closedEarly.complete(null);
            }
        });
        var remembered = new BedrockRequest(operation, modelId, request.query(), body, closedEarly);
        requests.add(remembered);
        return remembered;
    }

    private void converse(BedrockRequest request, HttpServerResponse response) {
        BedrockScript queued = next.poll();
        BedrockScript script = queued == null
                ? ofText(request).orElseGet(() -> scripts.getOrDefault(request.modelId(), always))
                : queued;
        play(script, request, response);
    }

    private void play(BedrockScript script, BedrockRequest request, HttpServerResponse response) {
        switch (script) {
            case BedrockScript.Refusal refusal -> refuse(response, refusal);
            case BedrockScript.Silence silence -> {}
            case BedrockScript.SlowStart slow ->
                vertx.setTimer(slow.silence().toMillis(), timer -> {
                    if (!response.closed()) {
                        play(slow.then(), request, response);
                    }
                });
            case BedrockScript other
            when !lists.knows(request.modelId()) && !alsoOffered.contains(request.modelId()) ->
                refuse(response, (BedrockScript.Refusal) BedrockScript.invalidModelId());
            case BedrockScript other
            when request.operation().equals("invoke") -> embeddings.thenRun(() -> embed(request, response));
            case BedrockScript other
            when ConverseRules.violation(request.modelId(), request.body()).isPresent() ->
                refuse(
                        response,
                        400,
                        "ValidationException",
                        ConverseRules.violation(request.modelId(), request.body())
                                .orElseThrow());
            case BedrockScript.Window window -> fit(window.tokens(), request, response);
            case BedrockScript.Answer answer -> tell(request, response, answer, Optional.empty());
            case BedrockScript.Obeying obeying ->
                tell(
                        request,
                        response,
                        new BedrockScript.Answer(obeying.ofLastMessage().apply(request.lastMessage()), Duration.ZERO),
                        Optional.empty());
            case BedrockScript.Paced paced -> {
                begin(response);
                new PacedFrames(
                                vertx,
                                response,
                                paced.ofLastMessage().apply(request.lastMessage()),
                                paced.pause(),
                                sent -> ConverseFrames.end("end_turn", usage(request, sent), null))
                        .send();
            }
            case BedrockScript.Stopped stopped -> stop(request, response, stopped);
            case BedrockScript.Interrupted interrupted ->
                tell(request, response, new BedrockScript.Answer(null, Duration.ZERO), Optional.of(interrupted));
        }
    }

    private void fit(int window, BedrockRequest request, HttpServerResponse response) {
        int tokens = ConverseRules.blocks(request.body()).stream()
                .mapToInt(block -> words(block.getString("text", "")))
                .sum();
        if (tokens > window) {
            refuse(
                    response,
                    400,
                    "ValidationException",
                    "The model returned the following errors: prompt is too long: " + tokens + " tokens > " + window
                            + " maximum");
        } else {
            tell(request, response, new BedrockScript.Answer("It fits.", Duration.ZERO), Optional.empty());
        }
    }

    private void stop(BedrockRequest request, HttpServerResponse response, BedrockScript.Stopped stopped) {
        begin(response);
        var frames = new ArrayList<Buffer>();
        if (!stopped.text().isEmpty()) {
            frames.add(ConverseFrames.piece(stopped.text()));
        }
        frames.addAll(
                ConverseFrames.end(stopped.stopReason(), usage(request, words(stopped.text())), stopped.guardrail()));
        send(response, frames, Duration.ZERO, response::end);
    }

    private JsonObject usage(BedrockRequest request, int outputTokens) {
        return ConverseFrames.usage(cache.ask(request.modelId(), request.body(), FakeBedrock::words), outputTokens);
    }

    private static int words(String text) {
        return text.isBlank() ? 0 : WORD_END.split(text).length;
    }

    private static void begin(HttpServerResponse response) {
        response.putHeader("content-type", "application/vnd.amazon.eventstream").setChunked(true);
        response.write(ConverseFrames.start());
    }

    private Optional<BedrockScript> ofText(BedrockRequest request) {
        return request.operation().equals("invoke")
                ? ofTexts.apply(request.body().getString("inputText", ""))
                : Optional.empty();
    }

    private void embed(BedrockRequest request, HttpServerResponse response) {
        if (response.closed()) {
            return;
        }
        boolean cohere = request.modelId().contains("cohere.");
        Optional<String> violation = cohere
                ? CohereVectors.violation(request.modelId(), request.body())
                : TitanVectors.violation(request.body());
        if (violation.isPresent()) {
            refuse(
                    response,
                    400,
                    "ValidationException",
                    "Malformed input request: " + violation.get() + ", please reformat your input and try again.");
        } else if (cohere) {
            int tokens = request.body().getJsonArray("texts").stream()
                    .mapToInt(text -> tokens((String) text))
                    .sum();
            response.putHeader("x-amzn-bedrock-input-token-count", String.valueOf(tokens));
            answer(response, CohereVectors.reply(request.modelId(), request.body()));
        } else {
            answer(response, TitanVectors.reply(request.body()));
        }
    }

    private void tell(
            BedrockRequest request,
            HttpServerResponse response,
            BedrockScript.Answer answer,
            Optional<BedrockScript.Interrupted> interrupted) {
        String text = answer.text() == null ? echo(request.lastMessage()) : answer.text();
        int most = request.body()
                .getJsonObject("inferenceConfig", new JsonObject())
                .getInteger("maxTokens", Integer.MAX_VALUE);
        List<String> words = Arrays.asList(WORD_END.split(text));
        List<String> pieces = words.subList(0, Math.min(most, words.size()));
        String stopReason = pieces.size() < words.size() ? "max_tokens" : "end_turn";
        JsonObject usage = usage(request, pieces.size());
        if (request.operation().equals("converse")) {
            answer(response, converseReply(String.join("", pieces), stopReason, usage));
            return;
        }
        begin(response);
        int before = interrupted.map(BedrockScript.Interrupted::pieces).orElse(Integer.MAX_VALUE);
        var frames = new ArrayList<Buffer>();
        pieces.stream().limit(before).map(ConverseFrames::piece).forEach(frames::add);
        if (interrupted.isPresent()) {
            send(
                    response,
                    frames,
                    answer.pause(),
                    () -> interrupt(response, interrupted.get().interruption()));
        } else {
            frames.addAll(ConverseFrames.end(stopReason, usage, null));
            send(response, frames, answer.pause(), response::end);
        }
    }

    private void send(HttpServerResponse response, List<Buffer> frames, Duration pause, Runnable then) {
        if (response.closed()) {
            return;
        }
        if (pause.isZero()) {
            frames.forEach(response::write);
            then.run();
        } else if (frames.isEmpty()) {
            then.run();
        } else {
            response.write(frames.getFirst());
            List<Buffer> rest = frames.subList(1, frames.size());
            vertx.setTimer(pause.toMillis(), timer -> send(response, rest, pause, then));
        }
    }

    private void interrupt(HttpServerResponse response, Interruption interruption) {
        switch (interruption) {
            case Interruption.Stall stall -> {}
            case Interruption.BreakOff breakOff ->
                // The pieces before it should arrive: only what was flushed survives a reset.
                vertx.setTimer(50, timer -> response.reset());
            case Interruption.EarlyEnd end -> response.end();
            case Interruption.Damage damage -> response.end(ConverseFrames.damaged("damaged "));
            case Interruption.Exception exception ->
                response.end(ConverseFrames.exception(exception.type(), exception.message()));
        }
    }

    /** Says something that can be recognised, with a citation where there is something to cite. */
    private static String echo(String message) {
        NumberedSources.Prompt prompt = NumberedSources.read(message);
        if (prompt.sources().isEmpty()) {
            return "You asked: " + prompt.question();
        }
        String text = prompt.sources().getFirst().text().strip();
        int end = text.indexOf(". ");
        return "According to your documents: " + (end < 0 ? text : text.substring(0, end + 1)) + " [1]";
    }

    private static JsonObject converseReply(String text, String stopReason, JsonObject usage) {
        var message = new JsonObject().put("role", "assistant").put("content", List.of(Map.of("text", text)));
        return new JsonObject()
                .put("output", new JsonObject().put("message", message))
                .put("stopReason", stopReason)
                .put("metrics", new JsonObject().put("latencyMs", 12))
                .put("usage", usage);
    }

    private static void answer(HttpServerResponse response, JsonObject body) {
        response.putHeader("content-type", "application/json")
                .putHeader("x-amzn-requestid", UUID.randomUUID().toString())
                .end(body.toBuffer());
    }

    private static void refuse(HttpServerResponse response, BedrockScript.Refusal refusal) {
        if (refusal.retryAfter() != null) {
            response.putHeader("retry-after", refusal.retryAfter());
        }
        refuse(response, refusal.status(), refusal.type(), refusal.message());
    }

    private static void refuse(HttpServerResponse response, int status, String type, String message) {
        response.setStatusCode(status)
                .putHeader("content-type", "application/json")
                .putHeader("x-amzn-requestid", UUID.randomUUID().toString())
                .putHeader("x-amzn-errortype", type)
                .end(new JsonObject().put("message", message).toBuffer());
    }

    private static <T> T await(CompletableFuture<T> future) {
        return future.orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static void sleep() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
