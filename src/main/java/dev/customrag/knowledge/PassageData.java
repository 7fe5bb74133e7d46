package dev.customrag.knowledge;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is stored to find passages by. */
@ApplicationScoped
class PassageData implements PersonalData {

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
}
