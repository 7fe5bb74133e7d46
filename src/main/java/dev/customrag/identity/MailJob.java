package dev.customrag.identity;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * A mail to be sent, as the job engine keeps it. It never holds a token: those are made when the mail is.
 *
 * @param userId whose account it is about; empty if nobody's, and then nobody gets a mail
 * @param about the session or other thing it is about
 * @param address where to, if not to the address of the account
 * @param at when what it tells of happened
 * @param device what the request came from, by the name {@link Device} gives it
 * @param network where the request came from; empty if unknown
 */
record MailJob(
        Mail mail,
        Optional<UUID> userId,
        Optional<UUID> about,
        Optional<String> address,
        Instant at,
        String device,
        String network) {

    /** No member has a line break in it. */
    private static final String BETWEEN = "\n";

    String data() {
        return String.join(
                BETWEEN,
                mail.name(),
                userId.map(UUID::toString).orElse(""),
                about.map(UUID::toString).orElse(""),
                address.orElse(""),
                at.toString(),
                device,
                network);
    }

    static MailJob of(String data) {
        String[] members = data.split(BETWEEN, -1);
        return new MailJob(
                Mail.valueOf(members[0]),
                given(members[1], UUID::fromString),
                given(members[2], UUID::fromString),
                given(members[3], Function.identity()),
                Instant.parse(members[4]),
                members[5],
                members[6]);
    }

    private static <T> Optional<T> given(String text, Function<String, T> reading) {
        return Optional.of(text).filter(some -> !some.isEmpty()).map(reading);
    }
}
