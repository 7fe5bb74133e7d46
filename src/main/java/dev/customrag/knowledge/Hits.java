package dev.customrag.knowledge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Makes results of hits: the same text once, neighbours as one. */
final class Hits {

    /** White space, what no reader sees, quotation marks and stops. */
    private static final Pattern LAYOUT = Pattern.compile("[\\s\\p{Z}\\p{Cf}\\p{Pi}\\p{Pf}\"'.,;:]+");

    private final int limit;
    private final int mostJoined;
    private final List<Joined> results = new ArrayList<>();
    private final HashSet<String> seen = new HashSet<>();

    private Hits(int limit, int mostJoined) {
        this.limit = limit;
        this.mostJoined = mostJoined;
    }

    /**
     * At most {@code limit} passages, best first. Passages that differ in case, spacing, quotation marks and stops only are
     * one; what differs in a word or a figure differs. A passage next to a better one on the same page of the same section is added
     * to it, up to {@code mostJoined} in one; the joined passage has the id and the scores of its best part.
     */
    static List<ScoredPassage> results(List<Hit> bestFirst, int limit, int mostJoined) {
        var hits = new Hits(limit, mostJoined);
        for (Hit hit : bestFirst) {
            if (!hits.add(hit)) {
                break;
            }
        }
        return hits.results.stream().map(Joined::scored).toList();
    }

    /** False if there is no room for it. */
    private boolean add(Hit hit) {
        String content =
                LAYOUT.matcher(hit.passage().text()).replaceAll(" ").strip().toLowerCase(Locale.ROOT);
        if (!seen.add(content)) {
            return true;
        }
        for (int i = 0; i < results.size(); i++) {
            if (results.get(i).takes(hit, mostJoined)) {
                results.set(i, results.get(i).with(hit));
                return true;
            }
        }
        if (results.size() == limit) {
            return false;
        }
        results.add(new Joined(scored(hit), hit.ordinal(), hit.ordinal(), hit.gapBefore()));
        return true;
    }

    private static ScoredPassage scored(Hit hit) {
        return new ScoredPassage(hit.passage(), hit.similarity(), hit.relevance());
    }

    /**
     * Neighbours as one passage.
     *
     * @param first the ordinal of the first of them
     * @param last the ordinal of the last of them
     * @param gapBefore as the first of them has it
     */
    private record Joined(ScoredPassage scored, int first, int last, String gapBefore) {

        boolean takes(Hit hit, int most) {
            return last - first + 1 < most
                    && hit.passage().documentId().equals(scored.passage().documentId())
                    && (hit.ordinal() == last + 1 && hit.gapBefore() != null
                            || hit.ordinal() == first - 1 && gapBefore != null);
        }

        Joined with(Hit hit) {
            Passage passage = scored.passage();
            Passage other = hit.passage();
            return hit.ordinal() > last
                    ? new Joined(joined(passage, other, hit.gapBefore()), first, hit.ordinal(), gapBefore)
                    : new Joined(joined(other, passage, gapBefore), hit.ordinal(), last, hit.gapBefore());
        }

        private ScoredPassage joined(Passage before, Passage after, String gap) {
            Passage passage = scored.passage();
            int repeated = Math.max(0, before.end() - after.start());
            var whole = new Passage(
                    passage.id(),
                    passage.documentId(),
                    passage.filename(),
                    passage.page(),
                    passage.heading(),
                    before.start(),
                    after.end(),
                    before.text() + gap + after.text().substring(repeated),
                    passage.score());
            return new ScoredPassage(whole, scored.similarity(), scored.relevance());
        }
    }
}
