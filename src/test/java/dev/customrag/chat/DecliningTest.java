package dev.customrag.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.customrag.assistant.Assistants;
import dev.customrag.http.Problem;
import dev.customrag.knowledge.Retrievers;
import dev.customrag.model.Generation;
import dev.customrag.model.ModelProvider;
import dev.customrag.testing.FakeBedrock;
import dev.customrag.testing.OnBedrock;
import dev.customrag.testing.Person;
import dev.customrag.testing.Sql;
import dev.customrag.usage.Ledger;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.virtual.threads.VirtualThreads;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@TestProfile(OnBedrock.class)
class DecliningTest {

    @Inject
    Declining declining;

    @Inject
    Prompts prompts;

    @Inject
    FollowUps followUps;

    @Inject
    Ledger ledger;

    @Inject
    ChatConfig config;

    @Inject
    Assistants assistants;

    @Inject
    ModelProvider models;

    @Inject
    @VirtualThreads
    ExecutorService threads;

    FakeBedrock bedrock;

    private Person alice;

    @BeforeEach
    void begin() {
        bedrock.reset();
        alice = Person.registered();
    }

    /** An answer to a question, where nothing fits that has no word in common with it. */
    private Answering.Result answer(String question) throws Exception {
        var answering =
                new Answering(Retrievers.decliningBelow(0.05), prompts, followUps, declining, ledger, config, threads);
        Answering.Draft draft = answering.draft(new Answering.Task(
                alice.id(),
                assistants.defaultOf(alice.id()),
                true,
                FakeBedrock.NOVA,
                models.chatModel(FakeBedrock.NOVA),
                new Generation(null, null, 100),
                List.of(),
                question));
        var result = new CompletableFuture<Answering.Result>();
        draft.prepare();
        draft.start(new Answering.Listener() {

            @Override
            public void sources(List<Citation> sources) {
                // The result has what counts.
            }

            @Override
            public void token(String text) {
                // The result has the whole.
            }

            @Override
            public void ended(Answering.Result whole) {
                result.complete(whole);
            }

            @Override
            public void failed(Problem problem, Answering.Result partial) {
                result.completeExceptionally(problem);
            }
        });
        return result.get(10, TimeUnit.SECONDS);
    }

    @Test
    void theServiceSaysItselfThatNothingFitsAndTheTraceSaysWhy() throws Exception {
        alice.uploaded("lease.txt", "The notice period is three months.");

        Answering.Result result = answer("Wie viele Tore fielen in Bern und wer hat sie geschossen?");

        assertThat(result.status()).isEqualTo(Message.Status.COMPLETE);
        assertThat(result.content()).isEqualTo(Declining.in("german"));
        assertThat(result.citations()).isEmpty();
        assertThat(result.modelId()).isNull();
        assertThat(result.usage()).isNull();
        assertThat(result.trace().passages()).isEmpty();
        assertThat(result.trace().bestSimilarity()).isLessThan(0.05);
        assertThat(result.trace().threshold()).isEqualTo(0.05);
        assertThat(bedrock.requests("converse-stream")).isEmpty();
        assertThat(Sql.query("SELECT purpose FROM model_calls WHERE owner_id = ? AND purpose = 'answer'", alice.id()))
                .isEmpty();
    }

    @Test
    void aModelAnswersWhereSomethingFitsAndTheTraceHasTheScores() throws Exception {
        alice.uploaded("lease.txt", "The notice period is three months.");

        Answering.Result result = answer("How long is the notice period?");

        assertThat(result.modelId()).isEqualTo(FakeBedrock.NOVA);
        assertThat(result.trace().passages()).singleElement().satisfies(passage -> {
            assertThat(passage.number()).isEqualTo(1);
            assertThat(passage.dense())
                    .isBetween(0.05, 1.0)
                    .isEqualTo(result.trace().bestSimilarity());
            assertThat(passage.text()).isPositive();
            assertThat(passage.fused()).isBetween(0.0, 1.0);
        });
    }

    @Test
    void whoHasNoDocumentsIsAnsweredByTheModel() throws Exception {
        Answering.Result result = answer("How long is the notice period?");

        assertThat(result.modelId()).isEqualTo(FakeBedrock.NOVA);
        assertThat(result.trace().bestSimilarity()).isNull();
        assertThat(bedrock.requests("converse-stream")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "english|How long is the notice period of the flat?",
                "german|Wie lang ist die Kündigungsfrist für die Wohnung?",
                "french|Quelle est la durée du préavis pour le logement et qui le paie ?",
                "spanish|¿Cuál es el plazo de preaviso de la vivienda y a quién se paga?",
                "italian|Qual è il termine di preavviso per la casa e chi lo paga?",
                "portuguese|Qual é o prazo de aviso para a casa e quem o paga?",
                "dutch|Wat is de opzegtermijn van de woning en wie betaalt die?",
                "swedish|Hur lång är uppsägningstiden för den här lägenheten och vem är det som betalar?",
                "danish|Hvad er opsigelsesvarslet for denne lejlighed, og hvem er det der betaler?",
                "norwegian|Hva er oppsigelsestiden for denne leiligheten, og hvem er det som betaler?",
                "finnish|Mikä on tämän asunnon irtisanomisaika ja kuka se on joka sen maksaa?",
                "hungarian|Mennyi a lakás felmondási ideje, és ki az, aki ezt fizeti?",
                "russian|Какой срок расторжения договора и кто это за нас оплатит?",
                "none|解約の予告期間はどのくらいですか"
            })
    void itSaysSoInTheLanguageOfTheQuestion(String language, String question) {
        assertThat(declining.sentence(alice.id(), question)).isEqualTo(Declining.in(language));
    }

    @Test
    void theSentencesAreOneLineEachAndDiffer() {
        List<String> sentences = List.of(
                        "simple",
                        "german",
                        "french",
                        "spanish",
                        "italian",
                        "portuguese",
                        "dutch",
                        "swedish",
                        "danish",
                        "norwegian",
                        "finnish",
                        "hungarian",
                        "russian")
                .stream()
                .map(Declining::in)
                .toList();

        assertThat(sentences).doesNotHaveDuplicates().allSatisfy(sentence -> assertThat(sentence)
                .doesNotContain("\n")
                .doesNotContain("  ")
                .endsWith("."));
        assertThat(Declining.in("english")).isEqualTo(Declining.in("simple"));
    }
}
