package dev.customrag.chat;

import dev.customrag.chat.RunningAnswers.Kept;
import dev.customrag.chat.RunningAnswers.Running;
import dev.customrag.chat.RunningAnswers.Signal;
import dev.customrag.http.Faults;
import dev.customrag.http.Ids;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * The answers on their way, those of this process and, through {@link RunningAnswers}, those of others. Looks after them
 * several times a second: writes down what there is, stops what was asked to stop elsewhere, and what nobody listens to.
 */
@ApplicationScoped
class Answers {

    private static final Logger LOG = Logger.getLogger(Answers.class);

    private static final Duration ROUND = Duration.ofMillis(200);

    /** Whoever reloads a page is back by then; the model's call ends within a second of a closed connection. */
    private static final Duration LONGEST_DESERTED = Duration.ofMillis(500);

    /** An answer begins a moment before its client can listen. */
    private static final Duration UNTIL_FIRST_LISTENER = Duration.ofSeconds(5);

    /** Signals of other processes are asked for so often, in rounds. */
    private static final int ROUNDS_UNTIL_SIGNALS = 2;

    /** What nobody elsewhere follows is written down so often, in rounds: it is lost if the process dies. */
    private static final int ROUNDS_UNTIL_KEPT = 5;

    /** How long answers that were stopped at the end of this process have to be kept. */
    private static final Duration LONGEST_END = Duration.ofSeconds(10);

    /** Names this process in the database, as long as it runs. */
    private final UUID process = Ids.next();

    private final RunningAnswers table;
    private final StoredSessions sessions;
    private final Duration shutdownTimeout;
    private final Map<UUID, Answer> here = new ConcurrentHashMap<>();
    private final Map<UUID, Integer> keptLength = new HashMap<>();
    private final Map<UUID, Boolean> followed = new HashMap<>();
    private final ScheduledExecutorService rounds = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("answers").factory());
    private final ExecutorService following = Executors.newVirtualThreadPerTaskExecutor();
    private volatile boolean stopping;
    /** Until when answers may go on though this process stops, by {@link System#nanoTime}. */
    private volatile long lastCall = System.nanoTime();

    private int round;
    private boolean failing;

    /** @param shutdownTimeout how long requests may go on when this process stops */
    Answers(
            RunningAnswers table,
            StoredSessions sessions,
            @ConfigProperty(name = "quarkus.shutdown.timeout") Duration shutdownTimeout) {
        this.table = table;
        this.sessions = sessions;
        this.shutdownTimeout = shutdownTimeout;
    }

    void start(@Observes StartupEvent event) {
        rounds.scheduleWithFixedDelay(this::round, ROUND.toMillis(), ROUND.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** This process, as others know it. */
    UUID process() {
        return process;
    }

    /**
     * An answer begins here. Whoever begins it ends it by {@link #over}.
     *
     * @param inBackground whether it goes on while nobody listens
     * @param kept whether other processes know of it
     */
    Answer begin(UUID owner, UUID session, UUID id, boolean inBackground, boolean kept) {
        var answer = new Answer(owner, session, id, inBackground, kept, UNTIL_FIRST_LISTENER.toNanos());
        here.put(id, answer);
        return answer;
    }

    /** It has ended. */
    void over(Answer answer, AnswerEvent ending) {
        here.remove(answer.id());
        answer.end(ending);
    }

    /** Which answer of a session is on its way, here or elsewhere. */
    Optional<UUID> in(UUID owner, UUID session) {
        return local(owner, session).map(Answer::id).or(() -> alive(owner, table.in(owner, session))
                .map(Running::answer));
    }

    /** What there is of an answer that is on its way, here or elsewhere; empty if it is over. */
    Optional<String> content(UUID owner, UUID id) {
        Answer ours = here.get(id);
        return ours != null && ours.owner().equals(owner)
                ? Optional.of(ours.content())
                : alive(owner, table.find(owner, id)).map(Running::content);
    }

    /** Stops the answer that is on its way in a session, wherever; false if there is none. */
    boolean stop(UUID owner, UUID session) {
        Optional<Answer> ours = local(owner, session);
        ours.ifPresent(Answer::stop);
        if (ours.isPresent()) {
            return true;
        }
        Optional<Running> elsewhere = table.stop(owner, session);
        alive(owner, elsewhere);
        return elsewhere.isPresent();
    }

    /** An answer of another process, unless that is gone: then it is over by that, as somebody asks for it. */
    private Optional<Running> alive(UUID owner, Optional<Running> elsewhere) {
        elsewhere
                .filter(running -> !running.alive())
                .ifPresent(running -> sessions.endAbandoned(owner, running.session(), running.answer()));
        return elsewhere.filter(Running::alive);
    }

    /** Stops what is on its way for a person in conversations that are no more. */
    void stopAll(UUID owner) {
        here.values().stream().filter(answer -> answer.owner().equals(owner)).forEach(Answer::stop);
    }

    private Optional<Answer> local(UUID owner, UUID session) {
        return here.values().stream()
                .filter(answer ->
                        answer.owner().equals(owner) && answer.session().equals(session))
                .findFirst();
    }

    /**
     * What happens with an answer from now on, after what has happened: one of this process or of another, or one that is
     * over.
     *
     * @param after the number of the last event heard; empty for everything
     * @param message the answer as it is kept, asked again when it is over
     */
    Multi<AnswerEvent> follow(UUID owner, UUID id, Optional<Long> after, Function<UUID, Optional<Message>> message) {
        Answer ours = here.get(id);
        if (ours != null && ours.owner().equals(owner)) {
            return ours.follow(after);
        }
        return Multi.createFrom()
                .emitter(emitter -> following.execute(() -> followElsewhere(emitter, owner, id, after, message)));
    }

    private void followElsewhere(
            MultiEmitter<? super AnswerEvent> emitter,
            UUID owner,
            UUID id,
            Optional<Long> after,
            Function<UUID, Optional<Message>> message) {
        var gone = new CountDownLatch(1);
        emitter.onTermination(gone::countDown);
        try {
            Optional<Long> heard = after;
            while (!stopping) {
                Optional<Running> running = alive(owner, table.follow(owner, id));
                if (running.isPresent()) {
                    heard = tell(emitter, heard, running.get());
                } else {
                    Optional<Message> kept = message.apply(id);
                    if (kept.map(Message::isOver).orElse(true)) {
                        tellEnding(emitter, heard, kept);
                        return;
                    }
                    // The database has lost by what it is known: its process says it again, or nobody does.
                }
                if (gone.await(ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                    table.leave(owner, id);
                    return;
                }
            }
            emitter.complete();
        } catch (InterruptedException e) {
            emitter.complete();
        } catch (RuntimeException | Error e) {
            // An error, too: whoever follows would wait for ever.
            emitter.fail(e);
        }
    }

    /** @return the number of the last event, empty before the sources */
    private static Optional<Long> tell(
            MultiEmitter<? super AnswerEvent> emitter, Optional<Long> heard, Running running) {
        if (running.sources() == null) {
            return heard;
        }
        if (heard.isEmpty()) {
            emitter.emit(new AnswerEvent.Sources(running.sources()));
        }
        Optional<AnswerEvent> rest = Answer.rest(running.content(), heard);
        rest.ifPresent(emitter::emit);
        return Optional.of(rest.map(AnswerEvent::number).orElse(heard.orElse(0L)));
    }

    private static void tellEnding(
            MultiEmitter<? super AnswerEvent> emitter, Optional<Long> heard, Optional<Message> message) {
        if (message.isEmpty()) {
            emitter.emit(new AnswerEvent.Failed(0, Answer.interrupted()));
        } else {
            Message whole = message.get();
            if (heard.isEmpty()) {
                emitter.emit(new AnswerEvent.Sources(whole.citations()));
            }
            Answer.rest(whole.content(), heard).ifPresent(emitter::emit);
            emitter.emit(AnswerEvent.ending(whole));
        }
        emitter.complete();
    }

    private void round() {
        round++;
        List<Answer> deserted = here.values().stream()
                .filter(answer -> answer.desertedFor() > LONGEST_DESERTED.toNanos())
                .toList();
        try {
            // Whoever listens elsewhere by now has come back.
            if (round % ROUNDS_UNTIL_SIGNALS == 0 || deserted.stream().anyMatch(Answer::isKept)) {
                exchange();
                failing = false;
            }
        } catch (SQLException | RuntimeException | Error e) {
            // One that is thrown would end the rounds; the next one makes up for this.
            if (!failing) {
                LOG.warn("Answers on their way are not looked after until this passes: " + Faults.describe(e));
            }
            failing = true;
        }
        deserted.stream()
                .filter(answer -> !followed.getOrDefault(answer.id(), false))
                .forEach(Answer::stop);
    }

    private void exchange() throws SQLException {
        followed.keySet().retainAll(here.keySet());
        keptLength.keySet().retainAll(here.keySet());
        var now = new ArrayList<Kept>();
        for (Answer answer : here.values()) {
            if (answer.isKept()) {
                now.add(new Kept(answer.id(), unkept(answer)));
            }
        }
        if (now.isEmpty()) {
            return;
        }
        Map<UUID, Signal> signals =
                table.keep(process, now).stream().collect(Collectors.toMap(Signal::answer, Function.identity()));
        for (Kept kept : now) {
            Answer answer = here.get(kept.answer());
            if (answer != null) {
                hear(answer, kept, Optional.ofNullable(signals.get(kept.answer())));
            }
        }
    }

    private void hear(Answer answer, Kept kept, Optional<Signal> signal) {
        followed.put(answer.id(), signal.map(Signal::followed).orElse(false));
        if (signal.isEmpty()) {
            keptLength.remove(answer.id());
            if (!sessions.announceAgain(answer.owner(), answer.session(), answer.id(), process, answer.sources())) {
                answer.stop();
            }
            return;
        }
        if (kept.content() != null) {
            keptLength.put(answer.id(), kept.content().length());
        }
        if (signal.get().stop()) {
            answer.stop();
        }
    }

    /** The content if it is to be written down in this round, or null. */
    private String unkept(Answer answer) {
        boolean due = round % ROUNDS_UNTIL_KEPT < ROUNDS_UNTIL_SIGNALS || followed.getOrDefault(answer.id(), false);
        return due && answer.length() != keptLength.getOrDefault(answer.id(), 0) ? answer.content() : null;
    }

    /** Streams from other processes end at once; clients come back to a process that stays. */
    void endStreams(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
        lastCall = System.nanoTime() + shutdownTimeout.toNanos();
    }

    /**
     * Answers that nobody listens to here have the time that requests have. What is still on its way then fails, and is kept as
     * far as it came.
     */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        awaitEnds(lastCall);
        rounds.shutdownNow();
        List.copyOf(here.values()).forEach(Answer::interrupt);
        awaitEnds(System.nanoTime() + LONGEST_END.toNanos());
        following.shutdownNow();
    }

    private void awaitEnds(long until) throws InterruptedException {
        while (!here.isEmpty() && System.nanoTime() - until < 0) {
            Thread.sleep(100);
        }
    }
}
