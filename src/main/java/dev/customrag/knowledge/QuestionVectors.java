package dev.customrag.knowledge;

import dev.customrag.http.Faults;
import dev.customrag.model.Embeddings;
import dev.customrag.model.ModelFailure;
import dev.customrag.model.ModelProvider;
import dev.customrag.model.PassageEmbedding;
import dev.customrag.model.TokenCounts;
import dev.customrag.model.VectorSpace;
import dev.customrag.usage.Ledger;
import dev.customrag.usage.Purpose;
import dev.customrag.usage.Reservation;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/**
 * Questions as the models in use see them: the configured one, and while documents are re-embedded those before it. An
 * older model that does not answer costs a search its dense branch for the documents it has not lost yet, nothing more.
 */
@ApplicationScoped
class QuestionVectors {

    private static final Logger LOG = Logger.getLogger(QuestionVectors.class);

    /** What a search waits for an older model after the configured one has answered. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** An older model that failed is asked again after a while; one that is gone stays gone. */
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMinutes(1);

    private final ModelProvider models;
    private final Ledger ledger;
    private final ExecutorService threads;
    private final Clock clock;
    private final Map<VectorSpace, Instant> failed = new ConcurrentHashMap<>();

    QuestionVectors(ModelProvider models, Ledger ledger, @VirtualThreads ExecutorService threads, Clock clock) {
        this.models = models;
        this.ledger = ledger;
        this.threads = threads;
        this.clock = clock;
    }

    /** What new passages are in. */
    VectorSpace configured() {
        return models.embedding().space();
    }

    /**
     * The question in these spaces, as far as their models answer; all are asked at the same time. What that takes is in
     * the ledger; a budget holds the configured model only, so that older ones cost no search.
     *
     * @param owner who asks
     * @param forms the question in one form or several, whose vectors are added
     * @throws ModelFailure if the configured model is among them and fails; of a kind that says the service has to be
     *     mended, not the request, where it may not use the model
     * @throws dev.customrag.http.Problem 429 if a budget of the owner is used up
     */
    List<QuestionVector> of(UUID owner, List<String> forms, Collection<VectorSpace> spaces) {
        PassageEmbedding configured = models.embedding();
        var older = new LinkedHashMap<VectorSpace, Future<Embeddings>>();
        for (VectorSpace space : spaces) {
            if (!space.equals(configured.space()) && !hasJustFailed(space)) {
                older.put(space, threads.submit(() -> models.embedding(space).embedQuestions(forms)));
            }
        }
        try {
            var vectors = new ArrayList<QuestionVector>();
            if (spaces.contains(configured.space())) {
                vectors.add(new QuestionVector(configured.space(), embed(owner, configured, forms)));
            }
            older.forEach((space, vector) -> await(space, vector).ifPresent(made -> {
                ledger.record(owner, Purpose.QUESTION_EMBEDDING, space.model(), read(made));
                vectors.add(new QuestionVector(space, sum(made.vectors())));
            }));
            return vectors;
        } finally {
            older.values().forEach(vector -> vector.cancel(true));
        }
    }

    private float[] embed(UUID owner, PassageEmbedding configured, List<String> forms) {
        Reservation reservation =
                ledger.reserve(owner, Purpose.QUESTION_EMBEDDING, configured.modelId(), mostTokens(forms), 0);
        try {
            Embeddings made = configured.embedQuestions(forms);
            reservation.settle(read(made));
            return sum(made.vectors());
        } catch (ModelFailure e) {
            throw switch (e.kind()) {
                case DENIED, UNKNOWN_MODEL ->
                    new ModelFailure(
                            ModelFailure.Kind.NOT_SET_UP,
                            "Nothing can be searched: this service may not use its embedding model. Tell its operator.");
                default -> e;
            };
        } finally {
            reservation.release();
        }
    }

    /** No tokenizer makes more tokens of a text than it has bytes. */
    private static int mostTokens(List<String> forms) {
        return forms.stream()
                .mapToInt(form -> form.getBytes(StandardCharsets.UTF_8).length)
                .sum();
    }

    private static TokenCounts read(Embeddings made) {
        return new TokenCounts(made.inputTokens(), 0, 0, 0);
    }

    /** Of unit length again. */
    private static float[] sum(List<float[]> vectors) {
        float[] sum = vectors.getFirst().clone();
        for (float[] vector : vectors.subList(1, vectors.size())) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        double square = 0;
        for (float value : sum) {
            square += value * value;
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] /= (float) Math.sqrt(square);
        }
        return sum;
    }

    private boolean hasJustFailed(VectorSpace space) {
        Instant at = failed.get(space);
        return at != null && at.plus(PAUSE_AFTER_FAILURE).isAfter(clock.instant());
    }

    private Optional<Embeddings> await(VectorSpace space, Future<Embeddings> vector) {
        try {
            Embeddings value = vector.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            failed.remove(space);
            return Optional.of(value);
        } catch (TimeoutException e) {
            fail(space, "no answer in time");
        } catch (ExecutionException e) {
            fail(
                    space,
                    e.getCause() instanceof ModelFailure failure
                            ? failure.kind().name()
                            : Faults.describe(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Optional.empty();
    }

    private void fail(VectorSpace space, String reason) {
        failed.put(space, clock.instant());
        LOG.warnf(
                "The embedding model %s (%d) does not answer: %s. Its documents are found by their words only",
                space.model(), space.dimensions(), reason);
    }
}
