package dev.customrag.identity;

import java.util.Optional;

/**
 * What a provider says about a person.
 *
 * @param subject who they are there, for ever; addresses and names change
 * @param email their address; empty if it tells none that mail can be sent to
 * @param emailVerified whether it says that the address is theirs
 */
record ProviderAccount(
        String subject, Optional<String> email, boolean emailVerified, String firstName, String lastName) {

    /** OpenID Connect Core 1.0, section 2. */
    private static final int LONGEST_SUBJECT = 255;

    /** The limit of {@link PersonName}. */
    private static final int LONGEST_NAME = 100;

    private static final int LONGEST_ADDRESS = 254;

    /** Names a person can correct later, if the provider tells none: better than to turn them away. */
    private static final String NAMELESS = "-";

    /**
     * What is known of the person's name.
     *
     * @param full the name in one piece
     * @param nickname stands in for a first name
     */
    record Name(String given, String family, String full, String nickname) {}

    /**
     * The account, with names that {@link PersonName} takes.
     *
     * @throws SocialRefusal 401 if the subject is none
     */
    static ProviderAccount of(String subject, String email, boolean emailVerified, Name name) {
        if (subject == null || subject.isBlank() || subject.length() > LONGEST_SUBJECT || !storable(subject)) {
            throw SocialRefusal.notBelieved();
        }
        String full = oneLine(name.full());
        int gap = full.lastIndexOf(' ');
        String first = firstOf(
                oneLine(name.given()), gap < 0 ? full : full.substring(0, gap), oneLine(name.nickname()), NAMELESS);
        String last = firstOf(oneLine(name.family()), gap < 0 ? "" : full.substring(gap + 1), NAMELESS);
        return new ProviderAccount(
                subject,
                Optional.ofNullable(email).map(String::strip).filter(ProviderAccount::isAddress),
                emailVerified,
                shortened(first),
                shortened(last));
    }

    /** The address, if it is the person's beyond doubt. */
    Optional<String> verifiedEmail() {
        return email.filter(address -> emailVerified);
    }

    /** Coarser than {@link EmailAddress}, for addresses a provider has sent mail to. */
    private static boolean isAddress(String text) {
        int at = text.lastIndexOf('@');
        return at > 0
                && at < text.length() - 1
                && text.length() <= LONGEST_ADDRESS
                && text.codePoints().noneMatch(Character::isWhitespace)
                && storable(text);
    }

    private static boolean storable(String text) {
        return text.matches(PersonName.NO_CONTROL_CHARACTERS);
    }

    private static String oneLine(String text) {
        return text == null
                ? ""
                : text.replaceAll("[\\p{Cc}\\p{Cs}\\u2028\\u2029\\s]+", " ").strip();
    }

    private static String firstOf(String... candidates) {
        for (String candidate : candidates) {
            if (!candidate.isEmpty()) {
                return candidate;
            }
        }
        throw new IllegalArgumentException("No candidate");
    }

    private static String shortened(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        boolean splitsPair = Character.isHighSurrogate(name.charAt(LONGEST_NAME - 1));
        return name.substring(0, splitsPair ? LONGEST_NAME - 1 : LONGEST_NAME).strip();
    }
}
