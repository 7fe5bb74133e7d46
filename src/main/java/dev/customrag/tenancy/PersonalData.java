package dev.customrag.tenancy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a room stores about people, and how they get it. Every room that has tables of theirs has a bean of this type. Each
 * table is in what is exported, or among what is left out.
 */
public interface PersonalData {

    /** All of it, with the times as they are configured. */
    List<Kept> kept();

    /** What of it is exported, in the order in which it is written. */
    List<Exported> exported();

    /** What of it is not. */
    List<LeftOut> leftOut();

    /** Writes all that is a person's, to the paths that {@link #exported} names. */
    void export(UUID person, Export export) throws IOException;

    /**
     * A file of an export, or several.
     *
     * @param path of the file; ends with a slash if it is a folder
     * @param what in a few words, for the person
     */
    record Exported(String path, String what) {}

    /**
     * Something that is stored and not exported.
     *
     * @param what in a few words, for the person
     * @param why in a few words, for the person
     * @param tables which hold nothing else
     */
    record LeftOut(String what, String why, Set<String> tables) {

        public LeftOut(String what, String why, String... tables) {
            this(what, why, Set.of(tables));
        }
    }

    /**
     * Something that is stored.
     *
     * @param what in a few words, for the person
     * @param where {@code database}, or whatever else holds it
     * @param until when it goes, for the person
     * @param atMost after how long it goes by itself, counted from when {@code until} says; empty if it does not
     * @param tables which hold it, or hold that it is elsewhere
     */
    record Kept(String what, String where, String until, Optional<Duration> atMost, Set<String> tables) {

        private static final String DATABASE = "database";

        /** What stays in the database until something happens. */
        public static Kept inDatabase(String what, String until, String... tables) {
            return new Kept(what, DATABASE, until, Optional.empty(), Set.of(tables));
        }

        /** What goes from the database by itself after a time. */
        public static Kept inDatabase(String what, String until, Duration atMost, String... tables) {
            return new Kept(what, DATABASE, until, Optional.of(atMost), Set.of(tables));
        }
    }
}
