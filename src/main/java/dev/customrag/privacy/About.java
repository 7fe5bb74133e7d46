package dev.customrag.privacy;

import dev.customrag.tenancy.PersonalData;
import dev.customrag.tenancy.PersonalData.Exported;
import dev.customrag.tenancy.PersonalData.LeftOut;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** What an export is, for the person who opens it. */
final class About {

    private static final String BEFORE = """
            Your data

            This is all that this service stores about you, as it was at %s.

            Files that end with .json have one JSON value, those that end with .jsonl one in each line. Text is UTF-8,
            times are those of UTC. export.json says for programs what this file says for you. notices.json is the last
            file: it tells of files that are missing or not whole, such as those of documents that were deleted while
            this was written. Without it, or if it cannot be opened, the download broke off: ask for another one.


            What is in it

            """;

    private static final String BETWEEN = """

            What is left out, and why

            """;

    private About() {}

    static String text(Instant at, List<PersonalData> rooms) {
        var text = new StringBuilder(BEFORE.formatted(at.truncatedTo(ChronoUnit.SECONDS)));
        for (PersonalData room : rooms) {
            for (Exported file : room.exported()) {
                line(text, file.path(), file.what());
            }
        }
        text.append(BETWEEN);
        for (PersonalData room : rooms) {
            for (LeftOut left : room.leftOut()) {
                line(text, left.what(), left.why());
            }
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String what, String more) {
        text.append(what).append("\n    ").append(more).append(".\n");
    }
}
