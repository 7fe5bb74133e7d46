package dev.customrag.tenancy;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a room stores about people. Every room that has tables of theirs says so in a bean of this type. */
public interface PersonalData {

    /** All of it, with the times as they are configured. */
    List<Kept> kept();

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
