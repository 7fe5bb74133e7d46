package dev.customrag.identity;

/** What a caller may be, for {@code @RolesAllowed}. */
final class Roles {

    /** Looks after accounts, and sees no documents and no conversations. */
    static final String ADMIN = "admin";

    /** Has signed in, in person: what an API key never has, so that whoever finds one cannot take the account over. */
    static final String SIGNED_IN = "signed-in";

    /** Both of them: what it takes to change other people's accounts, where a key of an administrator only looks. */
    static final String SIGNED_IN_ADMIN = "signed-in-admin";

    /** For whoever names another one. */
    static final String MUST_BE_ONE = "must be a role: " + ADMIN;

    private Roles() {}
}
