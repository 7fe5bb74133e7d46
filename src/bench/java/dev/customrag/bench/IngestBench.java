package dev.customrag.bench;

import dev.customrag.document.ParsingAlone;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A 100-page PDF from upload to {@code ready}, against parsing, splitting and embedding it without a service. */
final class IngestBench {

    private static final int ROUNDS = 3;

    private IngestBench() {}

    static void run(RunningService service, RunningService.Account account) throws IOException, InterruptedException {
        var parsing = new ParsingAlone();
        EmbeddingModel model = new BgeSmallEnV15QuantizedEmbeddingModel();
        alone(parsing, model, Texts.pdf(-1, 10));
        service.ingest(account, "warm-up.pdf", Texts.pdf(-2, 10));
        var ratios = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            byte[] pdf = Texts.pdf(i, 100);
            Duration alone = alone(parsing, model, pdf);
            Duration whole = service.ingest(account, "report-" + i + ".pdf", pdf);
            ratios[i] = (double) alone.toNanos() / whole.toNanos();
            System.out.printf(
                    "  parse + embed alone %.2f s, through the service %.2f s, ratio %.2f%n",
                    alone.toMillis() / 1000.0, whole.toMillis() / 1000.0, ratios[i]);
        }
        System.out.printf("  => median ratio %.2f (goal >= 0.8)%n", IdentityBench.median(ratios));
    }

    private static Duration alone(ParsingAlone parsing, EmbeddingModel model, byte[] pdf)
            throws IOException, InterruptedException {
        long began = System.nanoTime();
        List<TextSegment> segments =
                parsing.passagesOfPdf(pdf).stream().map(TextSegment::from).toList();
        model.embedAll(segments);
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
