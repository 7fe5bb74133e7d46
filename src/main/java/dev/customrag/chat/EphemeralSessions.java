package dev.customrag.chat;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Conversations that are nowhere but in the memory of the process they were begun in: not on a disk, not with other
 * processes, gone with this one or when they were not used for long. All of them together have room for so many characters;
 * what was used longest ago makes way.
 */
@ApplicationScoped
class EphemeralSessions implements Sessions {

    /** What one takes without a word in it. */
    private static final int EMPTY_WEIGHT = 500;

    private final Clock clock;
    private final int mostPerPerson;
    private final Cache<UUID, Held> held;

    EphemeralSessions(Clock clock, ChatConfig config) {
        this.clock = clock;
        this.mostPerPerson = config.ephemeral().perPerson();
        this.held = Caffeine.newBuilder()
                .expireAfterAccess(config.ephemeral().keptFor())
                .maximumWeight(config.ephemeral().characters())
                .weigher((UUID id, Held session) -> session.weight())
                .scheduler(Scheduler.systemScheduler())
                .build();
    }

    /** One of them. Whoever reads or changes its messages holds its lock. */
    private static final class Held {

        private final UUID owner;
        private final Map<UUID, Message> messages = new LinkedHashMap<>();
        private final Map<UUID, Trace> traces = new HashMap<>();
        /** Read without the lock as well. */
        private volatile Session session;

        private UUID running;

        Held(UUID owner, Session session) {
            this.owner = owner;
            this.session = session;
        }

        synchronized int weight() {
            return EMPTY_WEIGHT
                    + messages.values().stream()
                            .mapToInt(message -> EMPTY_WEIGHT
                                    + message.content().length()
                                    + message.citations().stream()
                                            .mapToInt(
                                                    citation -> citation.quote().length())
                                            .sum())
                            .sum();
        }
    }

    /** Begins one. If the person has too many, the one used longest ago ends. */
    Session begin(UUID owner, String title, UUID assistant) {
        Instant now = now();
        var session = new Session(Ids.next(), title, Session.TitledBy.PERSON, assistant, null, true, now, now);
        List<Held> hers = of(owner)
                .sorted(Comparator.comparing(each -> each.session.updatedAt()))
                .toList();
        hers.stream()
                .limit(Math.max(0, hers.size() - mostPerPerson + 1))
                .forEach(oldest -> held.invalidate(oldest.session.id()));
        held.put(session.id(), new Held(owner, session));
        return session;
    }

    private Stream<Held> of(UUID owner) {
        return held.asMap().values().stream().filter(each -> each.owner.equals(owner));
    }

    private Optional<Held> held(UUID owner, UUID id) {
        return Optional.ofNullable(held.getIfPresent(id)).filter(each -> each.owner.equals(owner));
    }

    private Held present(UUID owner, UUID id) {
        return held(owner, id).orElseThrow(() -> Problem.notFound("Session"));
    }

    /** Weighs it anew, unless it is gone. */
    private void grown(Held changed) {
        held.asMap().computeIfPresent(changed.session.id(), (id, same) -> same);
    }

    @Override
    public Optional<Session> find(UUID owner, UUID id) {
        return held(owner, id).map(each -> each.session);
    }

    @Override
    public Session change(UUID owner, UUID id, Session.Change change) {
        Held changed = present(owner, id);
        synchronized (changed) {
            Session before = changed.session;
            UUID current = change.currentMessageId() == null
                    ? before.currentMessageId()
                    : newestBelow(changed, change.currentMessageId());
            Session after = before.showing(current, later(before));
            if (change.title() != null) {
                after = after.titled(change.title(), Session.TitledBy.PERSON);
            }
            if (change.assistantId() != null) {
                after = after.answeredBy(change.assistantId());
            }
            changed.session = after;
            return after;
        }
    }

    private static UUID newestBelow(Held in, UUID message) {
        if (!in.messages.containsKey(message)) {
            throw Problem.notFound("Message");
        }
        UUID end = message;
        // In the order they were said: what follows a message comes after it.
        for (Message each : in.messages.values()) {
            if (end.equals(each.parentId())) {
                end = newestChild(in, end).orElse(end);
            }
        }
        return end;
    }

    private static Optional<UUID> newestChild(Held in, UUID parent) {
        return in.messages.values().stream()
                .filter(each -> parent.equals(each.parentId()))
                .reduce((earlier, later) -> later)
                .map(Message::id);
    }

    @Override
    public void name(UUID owner, UUID id, String title) {
        held(owner, id).ifPresent(named -> {
            synchronized (named) {
                if (named.session.titledBy() == Session.TitledBy.QUESTION) {
                    named.session = named.session.titled(title, Session.TitledBy.MODEL);
                }
            }
        });
    }

    @Override
    public boolean awaitsTitle(UUID owner, UUID id, UUID answer) {
        return held(owner, id)
                .filter(in -> {
                    synchronized (in) {
                        return in.session.titledBy() == Session.TitledBy.QUESTION
                                && in.messages.values().stream()
                                        .noneMatch(each -> each.role() == Message.Role.ASSISTANT
                                                && each.status().isWhole()
                                                && !each.id().equals(answer));
                    }
                })
                .isPresent();
    }

    @Override
    public boolean delete(UUID owner, UUID id) {
        Optional<Held> deleted = held(owner, id);
        deleted.ifPresent(each -> held.invalidate(id));
        return deleted.isPresent();
    }

    /** Deletes all of a person's. */
    void deleteAll(UUID owner) {
        of(owner).forEach(each -> held.invalidate(each.session.id()));
    }

    @Override
    public Page<Message> messages(UUID owner, Session session, boolean activeOnly, PageRequest page) {
        Held of = present(owner, session.id());
        synchronized (of) {
            Set<UUID> active = activeOnly ? activeBranch(of) : of.messages.keySet();
            List<Message> rest = of.messages.values().stream()
                    .filter(message -> active.contains(message.id()))
                    .filter(message ->
                            page.after().map(last -> isAfter(message, last)).orElse(true))
                    .limit(page.limit + 1L)
                    .toList();
            return Page.of(rest, page.limit, message -> new Cursor(message.createdAt(), message.id()));
        }
    }

    private static boolean isAfter(Message message, Cursor last) {
        return message.createdAt().isAfter(last.at())
                || message.createdAt().equals(last.at()) && message.id().compareTo(last.id()) > 0;
    }

    @Override
    public Collection<UUID> activeBranch(UUID owner, Session session) {
        Held of = present(owner, session.id());
        synchronized (of) {
            return activeBranch(of);
        }
    }

    private static Set<UUID> activeBranch(Held of) {
        var branch = new LinkedHashSet<UUID>();
        UUID id = of.session.currentMessageId();
        while (id != null && branch.add(id)) {
            id = of.messages.get(id).parentId();
        }
        return branch;
    }

    @Override
    public Optional<Message> message(UUID owner, UUID session, UUID id) {
        return held(owner, session).map(of -> {
            synchronized (of) {
                return of.messages.get(id);
            }
        });
    }

    @Override
    public List<Message> branch(UUID owner, UUID session, UUID end, int most) {
        Held of = present(owner, session);
        synchronized (of) {
            var branch = new ArrayList<Message>();
            Message message = end == null ? null : of.messages.get(end);
            while (message != null && branch.size() < most) {
                branch.add(message);
                message = message.parentId() == null ? null : of.messages.get(message.parentId());
            }
            return branch;
        }
    }

    @Override
    public Optional<Trace> trace(UUID owner, UUID session, UUID message) {
        return held(owner, session).map(of -> {
            synchronized (of) {
                return of.traces.get(message);
            }
        });
    }

    @Override
    public void begin(NewAnswer answer) {
        Held in = present(answer.owner(), answer.session());
        synchronized (in) {
            if (in.running != null) {
                throw Sessions.alreadyRunning();
            }
            Session before = in.session;
            Instant at = later(before);
            switch (answer.question()) {
                case Question.Next(UUID id, String text) -> ask(in, id, before.currentMessageId(), text, at);
                case Question.Edited(UUID id, String text, UUID parent) -> ask(in, id, parent, text, at);
                case Question.Asked(UUID id) -> in.messages.computeIfPresent(id, (same, asked) -> asked.answered());
            }
            Instant answeredAt = at.plus(1, ChronoUnit.MICROS);
            var begun = new Message(
                    answer.id(),
                    answer.question().id(),
                    Message.Role.ASSISTANT,
                    Message.Status.RUNNING,
                    "",
                    List.of(),
                    answer.modelId(),
                    null,
                    null,
                    answeredAt);
            in.messages.put(begun.id(), begun);
            in.running = begun.id();
            Session named = before.title() == null ? before.titled(answer.title(), Session.TitledBy.QUESTION) : before;
            in.session = named.showing(begun.id(), answeredAt);
        }
        grown(in);
    }

    private static void ask(Held in, UUID id, UUID parent, String text, Instant at) {
        in.messages.put(
                id,
                new Message(
                        id, parent, Message.Role.USER, Message.Status.COMPLETE, text, List.of(), null, null, null, at));
    }

    /** Nobody else reads them from here. */
    @Override
    public void sources(UUID owner, UUID answer, List<Citation> sources) {}

    @Override
    public Optional<Message> end(UUID owner, UUID session, UUID answer, Ending ending) {
        Optional<Held> found = held(owner, session);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Held in = found.get();
        Optional<Message> ended;
        synchronized (in) {
            in.running = null;
            ended = ending.isNoAnswer() ? drop(in, answer, ending) : keep(in, answer, ending);
        }
        grown(in);
        return ended;
    }

    private Optional<Message> keep(Held in, UUID answer, Ending ending) {
        Message begun = in.messages.get(answer);
        var ended = new Message(
                begun.id(),
                begun.parentId(),
                begun.role(),
                ending.status(),
                ending.content(),
                ending.citations(),
                ending.modelId(),
                ending.usage(),
                ending.error(),
                begun.createdAt());
        in.messages.put(answer, ended);
        if (ending.trace() != null) {
            in.traces.put(answer, ending.trace());
        }
        shown(in, in.session.currentMessageId());
        return Optional.of(ended);
    }

    private Optional<Message> drop(Held in, UUID answer, Ending ending) {
        UUID question = in.messages.remove(answer).parentId();
        Optional<UUID> other = newestChild(in, question);
        if (other.isEmpty()) {
            in.messages.computeIfPresent(question, (id, asked) -> asked.unanswered(ending.error()));
        }
        UUID shown = in.session.currentMessageId();
        shown(in, answer.equals(shown) ? other.orElse(question) : shown);
        return Optional.empty();
    }

    private void shown(Held in, UUID current) {
        in.session = in.session.showing(current, later(in.session));
    }

    private Instant later(Session session) {
        Instant after = session.updatedAt().plus(1, ChronoUnit.MICROS);
        Instant now = now();
        return now.isAfter(after) ? now : after;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
