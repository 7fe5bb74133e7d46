package dev.customrag.assistant;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.customrag.http.Pages;
import dev.customrag.tenancy.Export;
import dev.customrag.tenancy.PersonalData;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/** What is stored of assistants. */
@ApplicationScoped
class AssistantData implements PersonalData {

    private static final String LIST = "assistants/assistants.jsonl";
    private static final String FILES = "assistants/files/";

    private static final int PAGE = 100;

    private final AssistantRows rows;
    private final AssistantFiles files;

    AssistantData(AssistantRows rows, AssistantFiles files) {
        this.rows = rows;
        this.files = files;
    }

    @Override
    public List<Kept> kept() {
        return List.of(Kept.inDatabase(
                "Assistants: names, instructions, settings",
                "until you delete them or the account",
                "assistants",
                "assistant_documents"));
    }

    /** An assistant, and where in the export its file is. */
    @RegisterForReflection
    record ExportedAssistant(@JsonUnwrapped Assistant assistant, String file) {}

    /** A file to be written. */
    private record Promised(UUID assistant, String path) {}

    @Override
    public List<Exported> exported() {
        return List.of(
                new Exported(LIST, "Your assistants: names, instructions, settings, and which file here each is"),
                new Exported(FILES, "The same as files that can be imported again"));
    }

    @Override
    public List<LeftOut> leftOut() {
        return List.of();
    }

    @Override
    public void export(UUID person, Export export) throws IOException {
        var promised = new ArrayList<Promised>();
        Iterator<Assistant> all = Pages.of(PAGE, page -> rows.list(person, page));
        export.lines(LIST, Pages.map(all, assistant -> {
            String path = export.path(FILES, assistant.name() + ".json");
            promised.add(new Promised(assistant.id(), path));
            return new ExportedAssistant(assistant, path);
        }));
        for (Promised file : promised) {
            var assistant = rows.find(person, file.assistant());
            if (assistant.isPresent()) {
                export.json(file.path(), files.write(person, assistant.get()));
            } else {
                export.notice(file.path(), "The assistant was deleted while this was written.");
            }
        }
    }
}
