package dev.customrag.usage;

import dev.customrag.http.Problem;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Days in UTC that usage is asked for.
 *
 * @param from the first of them
 * @param to the last of them
 */
record UsageSpan(LocalDate from, LocalDate to) {

    private static final int DAYS = 30;

    /** A day has a line for each model and purpose. */
    private static final int MOST_DAYS = 92;

    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 9999;

    /**
     * The days that a request names; by default the last thirty.
     *
     * @param from of the form 2026-01-31; null or empty for the default
     * @throws Problem 422 if they are no dates, or too many
     */
    static UsageSpan asked(String from, String to, Clock clock) {
        LocalDate end = date("to", to).orElseGet(() -> LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
        LocalDate begin = date("from", from).orElse(end.minusDays(DAYS - 1));
        if (begin.isAfter(end)) {
            throw Problem.invalid("from", "must not be after to");
        }
        if (ChronoUnit.DAYS.between(begin, end) >= MOST_DAYS) {
            throw Problem.invalid("from", "must be less than " + MOST_DAYS + " days before to");
        }
        return new UsageSpan(begin, end);
    }

    /** PostgreSQL's dates end sooner than Java's. */
    private static Optional<LocalDate> date(String field, String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        LocalDate date;
        try {
            date = LocalDate.parse(text);
        } catch (DateTimeParseException e) {
            throw Problem.invalid(field, "must be a date such as 2026-01-31");
        }
        if (date.getYear() < FIRST_YEAR || date.getYear() > LAST_YEAR) {
            throw Problem.invalid(field, "must be between the years " + FIRST_YEAR + " and " + LAST_YEAR);
        }
        return Optional.of(date);
    }
}
