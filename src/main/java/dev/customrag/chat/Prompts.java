package dev.customrag.chat;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The system prompts, which stand as text files beside this class among the resources. */
@ApplicationScoped
class Prompts {

    private final String grounded = read("grounded.txt");
    private final String general = read("general.txt");
    private final String followUp = read("follow-up.txt");

    /** Answer from the numbered sources and cite them. */
    String grounded() {
        return grounded;
    }

    /** Answer without documents. */
    String general() {
        return general;
    }

    /** Rewrite a question so that it stands alone. */
    String followUp() {
        return followUp;
    }

    private static String read(String name) {
        try (var resource = Prompts.class.getResourceAsStream(name)) {
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
