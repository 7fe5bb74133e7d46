package dev.customrag.identity;

/** What people are written about. */
enum Mail {
    /** A link that shows the address to be theirs. */
    VERIFY_EMAIL("Confirm your e-mail address"),
    /** A link to choose a new password with. */
    RESET_PASSWORD("Choose a new password"),
    /** A link, sent to a new address, that makes it the account's. */
    CONFIRM_NEW_EMAIL("Confirm your new e-mail address"),
    /** In its place, if somebody else's account has the address. */
    ADDRESS_TAKEN("This e-mail address already has an account"),
    /** To the address an account had before. */
    EMAIL_CHANGED("Your e-mail address was changed"),
    NEW_DEVICE("New sign-in to your account"),
    PASSWORD_CHANGED("Your password was changed"),
    SECOND_FACTOR_ADDED("Two-step sign-in was turned on"),
    SECOND_FACTOR_REMOVED("Two-step sign-in was turned off"),
    RECOVERY_CODE_USED("A recovery code was used"),
    API_KEY_CREATED("An API key was created"),
    PROVIDER_LINKED("A sign-in provider was linked"),
    PROVIDER_UNLINKED("A sign-in provider was unlinked"),
    /** Somebody came with a refresh token that was spent. */
    SIGN_IN_ENDED("We ended a sign-in to your account");

    private final String subject;

    Mail(String subject) {
        this.subject = subject;
    }

    /** The same for everybody: nothing that a person wrote gets into a header. */
    String subject() {
        return subject;
    }
}
