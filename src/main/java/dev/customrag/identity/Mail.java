package dev.customrag.identity;

/** What people are written about. */
enum Mail {
    /** A link that shows the address to be theirs. */
    VERIFY_EMAIL,
    /** A link to choose a new password with. */
    RESET_PASSWORD,
    /** A link, sent to a new address, that makes it the account's. */
    CONFIRM_NEW_EMAIL,
    /** To the address an account had before. */
    EMAIL_CHANGED,
    NEW_DEVICE,
    PASSWORD_CHANGED,
    SECOND_FACTOR_ADDED,
    SECOND_FACTOR_REMOVED,
    RECOVERY_CODE_USED,
    API_KEY_CREATED,
    PROVIDER_LINKED,
    PROVIDER_UNLINKED,
    /** Somebody came with a refresh token that was spent. */
    SIGN_IN_ENDED
}
