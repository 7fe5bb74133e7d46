package dev.customrag.assistant;

import dev.customrag.tenancy.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** What is stored of assistants. */
@ApplicationScoped
class AssistantData implements PersonalData {

    @Override
    public List<Kept> kept() {
        return List.of(Kept.inDatabase(
                "Assistants: names, instructions, settings",
                "until you delete them or the account",
                "assistants",
                "assistant_documents"));
    }
}
