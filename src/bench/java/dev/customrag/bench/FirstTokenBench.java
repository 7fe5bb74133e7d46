package dev.customrag.bench;

import dev.customrag.testing.BedrockScript;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.Sse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;

/**
 * What the service adds to the time until a model's first token: signing in, history, embedding the question, retrieval
 * among 10,000 passages of one person. The model is a Bedrock of the tests on loopback, asked in turn by the bare SDK
 * and through the service.
 */
final class FirstTokenBench {

    private static final int DOCUMENTS = 10;
    private static final int PASSAGES_EACH = 1_000;
    private static final int QUESTIONS = 40;

    private FirstTokenBench() {}

    static void run() throws Exception {
        try (FakeBedrock bedrock = FakeBedrock.start();
                RunningService service = RunningService.start(BedrockOnLoopback.settings(bedrock));
                BedrockRuntimeAsyncClient sdk = BedrockOnLoopback.sdk(bedrock)) {
            bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly("A short answer [1].", Duration.ofMillis(20)));
            RunningService.Account account = service.register();
            for (int i = 0; i < DOCUMENTS; i++) {
                byte[] text = Texts.paragraphs(i, PASSAGES_EACH).getBytes(StandardCharsets.UTF_8);
                service.ingest(account, "report-" + i + ".txt", text);
                bedrock.reset();
            }
            bedrock.always(FakeBedrock.NOVA, BedrockScript.slowly("A short answer [1].", Duration.ofMillis(20)));
            compare(service, account, sdk);
        }
    }

    private static void compare(RunningService service, RunningService.Account account, BedrockRuntimeAsyncClient sdk)
            throws Exception {
        var random = new Random(7);
        for (int i = 0; i < QUESTIONS; i++) {
            throughService(service, account, Texts.sentence(random));
            bare(sdk, Texts.sentence(random));
        }
        var added = new double[QUESTIONS];
        var own = new double[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            String question = Texts.sentence(random);
            own[i] = bare(sdk, question) / 1e6;
            added[i] = throughService(service, account, question) / 1e6 - own[i];
        }
        System.out.printf(
                "  the model's own first token %.1f ms; added by the service: median %.1f ms (goal < 50), worst of %d"
                        + " %.1f ms%n",
                IdentityBench.median(own), IdentityBench.median(added), QUESTIONS, max(added));
    }

    private static long throughService(RunningService service, RunningService.Account account, String question)
            throws Exception {
        String session = service.send("/sessions", account, Map.of()).get("id").asText();
        try (Sse stream = Sse.post(
                service.uri("/sessions/" + session + "/messages"),
                account.token(),
                "{\"content\": \"" + question + "\"}")) {
            long first = stream.rest().stream()
                    .filter(event -> event.name().equals("token"))
                    .findFirst()
                    .orElseThrow()
                    .nanoTime();
            return first - stream.sentAt();
        }
    }

    private static long bare(BedrockRuntimeAsyncClient sdk, String question) {
        var first = new AtomicLong();
        long began = System.nanoTime();
        var handler = ConverseStreamResponseHandler.builder()
                .subscriber(ConverseStreamResponseHandler.Visitor.builder()
                        .onContentBlockDelta(delta -> first.compareAndSet(0, System.nanoTime()))
                        .build())
                .build();
        Message message = Message.builder()
                .role(ConversationRole.USER)
                .content(ContentBlock.fromText(question))
                .build();
        sdk.converseStream(request -> request.modelId(FakeBedrock.NOVA).messages(message), handler)
                .join();
        return first.get() - began;
    }

    private static double max(double[] values) {
        double max = values[0];
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }
}
