package dev.customrag.privacy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Faults;
import dev.customrag.http.Problem;
import dev.customrag.tenancy.PersonalData;
import dev.customrag.tenancy.PersonalData.Exported;
import io.quarkus.arc.All;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Gives people all that is stored about them, as each room writes it. */
@ApplicationScoped
class DataExport {

    private static final Logger LOG = Logger.getLogger(DataExport.class);

    private static final String FORMAT = "customrag-export";
    private static final int VERSION = 1;

    private static final String ABOUT = "README.txt";
    private static final String CONTENTS = "export.json";
    private static final String NOTICES = "notices.json";

    private final List<PersonalData> rooms;
    private final RunningExports running;
    private final Audit audit;
    private final ObjectMapper json;
    private final Clock clock;

    DataExport(@All List<PersonalData> rooms, RunningExports running, Audit audit, ObjectMapper json, Clock clock) {
        this.rooms = rooms.stream()
                .sorted(Comparator.comparing(room ->
                        room.exported().stream().map(Exported::path).findFirst().orElse("")))
                .toList();
        this.running = running;
        this.audit = audit;
        this.json = json;
        this.clock = clock;
    }

    /** What is in an export, and what is not. */
    @RegisterForReflection
    record Contents(
            String format,
            int version,
            Instant exportedAt,
            UUID userId,
            List<ContentView> files,
            List<LeftOutView> leftOut) {}

    /** @param path ends with a slash for a folder */
    @RegisterForReflection
    record ContentView(String path, String what) {}

    @RegisterForReflection
    record LeftOutView(String what, String why) {}

    /** The last file. */
    @RegisterForReflection
    record Ending(boolean complete, Instant endedAt, List<ZipExport.Notice> notices) {}

    /** One that is under way. */
    record Begun(UUID person, UUID id, Instant at) {}

    /**
     * Begins one, which is recorded: from now on the person's data are on their way out.
     *
     * @param session the sign-in it is asked for in
     * @throws Problem 409 if the person has another under way
     */
    Begun begin(UUID person, UUID session) {
        return QuarkusTransaction.requiringNew().call(() -> {
            UUID id = running.begin(person)
                    .orElseThrow(() -> Problem.conflict(
                            "export-running", "Another export of your data is under way. Wait until it has ended."));
            audit.record(SecurityEvent.succeeded(Type.DATA_EXPORT, person).in(session));
            return new Begun(person, id, clock.instant());
        });
    }

    /** Gives a sign of life of one; false if it is to end, as the account is gone or another was begun in its place. */
    boolean keep(Begun begun) {
        return running.keep(begun.person(), begun.id());
    }

    /**
     * Writes one, and ends it.
     *
     * @throws Problem 500 if it breaks off; what was written until then is no whole zip
     */
    void write(Begun begun, GuardedOutput client) {
        try (var export = new ZipExport(client, json, begun.at())) {
            export.text(ABOUT, About.text(begun.at(), rooms));
            export.json(CONTENTS, contents(begun));
            for (PersonalData room : rooms) {
                room.export(begun.person(), export);
            }
            // Not that of an account that was deleted meanwhile, of which there was less and less.
            client.check();
            var notices = export.notices();
            export.json(NOTICES, new Ending(notices.isEmpty(), clock.instant(), notices));
            export.finish();
        } catch (GuardedOutput.Stopped e) {
            throw Problem.internalError();
        } catch (IOException | RuntimeException e) {
            LOG.error("An export broke off: " + Faults.describe(e));
            throw Problem.internalError();
        } finally {
            end(begun);
        }
    }

    private void end(Begun begun) {
        try {
            running.end(begun.person(), begun.id());
        } catch (RuntimeException e) {
            LOG.warn("An export that is over counts as one under way for a while: " + Faults.describe(e));
        }
    }

    private Contents contents(Begun begun) {
        return new Contents(
                FORMAT,
                VERSION,
                begun.at(),
                begun.person(),
                rooms.stream()
                        .flatMap(room -> room.exported().stream())
                        .map(file -> new ContentView(file.path(), file.what()))
                        .toList(),
                rooms.stream()
                        .flatMap(room -> room.leftOut().stream())
                        .map(left -> new LeftOutView(left.what(), left.why()))
                        .toList());
    }
}
