package dev.customrag.knowledge;

import dev.customrag.http.Pages;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** What is stored to find passages by. */
@ApplicationScoped
class PassageData implements PersonalData {

    private static final String PASSAGES = "documents/passages.jsonl";

    private static final int PAGE = 100;

    private final PassageIndex index;

    PassageData(PassageIndex index) {
        this.index = index;
    }

    @Override
    public List<Kept> kept() {
        return List.of(Kept.inDatabase(
                "Passages of documents, their vectors, and counts of their words",
                "until you delete the document or the account",
                "passages",
                "passage_totals",
                "passage_lexemes",
                "staged_vectors"));
    }

    @Override
    public List<Exported> exported() {
        return List.of(new Exported(PASSAGES, "The text of your documents, in the passages that are searched"));
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of(new LeftOut(
                "Vectors of passages, and counts of their words",
                "numbers computed from the passages, of use only to the search here",
                "passage_totals",
                "passage_lexemes",
                "staged_vectors"));
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        Iterator<UUID> documents = Pages.of(PAGE, page -> index.documents(person, page));
        export.lines(
                PASSAGES,
                Pages.ofEach(documents, document -> Pages.of(PAGE, page -> index.list(person, document, 0, page))));
    }
}
