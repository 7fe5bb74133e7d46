package dev.customrag.document;

import dev.customrag.document.Documents.ChangedIn;
import dev.customrag.document.Documents.Changes;
import dev.customrag.http.Faults;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * What one listener has not heard yet. Each look takes all that changed since the position before; the position only moves
 * past what was told. Nothing is missed, and what was told is told again only to who comes back. For one thread at a time.
 */
final class DocumentNews {

    private static final Logger LOG = Logger.getLogger(DocumentNews.class);

    /** Less than deletions are kept: a position is taken while transactions before it may still be under way. */
    private static final Duration LONGEST_ABSENCE = Documents.DELETIONS_KEPT.minusDays(1);

    private final Documents documents;
    private final UUID owner;
    private final Clock clock;
    private final Optional<ChangePosition> from;
    private ChangePosition position;
    private Map<UUID, Document> told = Map.of();
    private Set<UUID> toldDeleted = Set.of();

    /** @param from how far the listener had heard before, if they had */
    DocumentNews(Documents documents, UUID owner, Clock clock, Optional<ChangePosition> from) {
        this.documents = documents;
        this.owner = owner;
        this.clock = clock;
        this.from = from;
    }

    /**
     * One piece of news.
     *
     * @param position how far the listener has heard with it
     */
    record Item(News news, ChangePosition position) {}

    /** What there is to say. */
    sealed interface News permits Changed, Deleted, Reload, Nothing {}

    /** A document is new or another than before. */
    record Changed(Document document) implements News {}

    /** A document is gone. */
    record Deleted(UUID id) implements News {}

    /** What happened since cannot be told any more. */
    record Reload() implements News {}

    /** All is as it was. */
    record Nothing() implements News {}

    /** What is new, one item at least, unless it cannot be read now: then the next look makes up for it. */
    List<Item> look() {
        try {
            return position == null ? first() : since(position, documents.changes(owner, position.transaction()));
        } catch (IllegalStateException | QuarkusTransactionException e) {
            LOG.warn("Changes of documents could not be read: " + Faults.describe(e));
            return List.of();
        }
    }

    private List<Item> first() {
        Instant now = clock.instant();
        if (from.isPresent() && from.get().at().isAfter(now.minus(LONGEST_ABSENCE))) {
            Changes changes = documents.changes(owner, from.get().transaction());
            // A number not reached yet is of another database, of which this one may be a copy.
            if (from.get().transaction() <= changes.upTo()) {
                return since(from.get(), changes);
            }
        }
        Changes inWork = documents.inWork(owner);
        position = new ChangePosition(inWork.upTo(), now);
        told = byId(inWork.changed());
        var items = new ArrayList<Item>();
        items.add(new Item(from.isPresent() ? new Reload() : new Nothing(), position));
        inWork.changed().forEach(document -> items.add(new Item(new Changed(document.what()), position)));
        return items;
    }

    private List<Item> since(ChangePosition before, Changes changes) {
        var news = new ArrayList<ChangedIn<News>>();
        for (ChangedIn<Document> changed : changes.changed()) {
            if (!changed.what().equals(told.get(changed.what().id()))) {
                news.add(new ChangedIn<>(changed.transaction(), new Changed(changed.what())));
            }
        }
        for (ChangedIn<UUID> deleted : changes.deleted()) {
            if (!toldDeleted.contains(deleted.what())) {
                news.add(new ChangedIn<>(deleted.transaction(), new Deleted(deleted.what())));
            }
        }
        news.sort(Comparator.comparingLong(ChangedIn::transaction));
        position = new ChangePosition(changes.upTo(), clock.instant());
        // What was changed at the position or later will be found again.
        told = byId(changes.changed());
        toldDeleted = changes.deleted().stream().map(ChangedIn::what).collect(Collectors.toSet());
        if (news.isEmpty()) {
            return List.of(new Item(new Nothing(), position));
        }
        var items = new ArrayList<Item>();
        for (int i = 0; i < news.size() - 1; i++) {
            // All before the next one is told, so that who never stays for long gets on. The rest is as old as before.
            long upTo = Math.min(changes.upTo(), news.get(i + 1).transaction());
            items.add(new Item(news.get(i).what(), new ChangePosition(upTo, before.at())));
        }
        items.add(new Item(news.getLast().what(), position));
        return items;
    }

    private static Map<UUID, Document> byId(List<ChangedIn<Document>> documents) {
        return documents.stream().map(ChangedIn::what).collect(Collectors.toMap(Document::id, Function.identity()));
    }
}
