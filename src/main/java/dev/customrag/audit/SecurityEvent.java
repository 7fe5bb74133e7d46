package dev.customrag.audit;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that happened to somebody's security. It carries ids and short constants only: no address, name, secret or
 * content.
 *
 * @param reason why it failed, or what exactly was done, as a constant such as {@code wrong-password}; may be null
 * @param actorId who did it; null if nobody is known to have
 * @param subjectId whose account it concerns; null if none
 * @param objectId the key, provider link, ended sign-in or other thing it concerns; null if none
 * @param sessionId the sign-in it happened in or that it began, or whose token was tried; null if none
 */
public record SecurityEvent(
        Type type, boolean succeeded, String reason, UUID actorId, UUID subjectId, UUID objectId, UUID sessionId) {

    /** What kind of thing happened; recorded as {@code sign-in} and the like. */
    public enum Type {
        REGISTRATION,
        SIGN_IN,
        SECOND_FACTOR_ASKED,
        SECOND_FACTOR_CHECK,
        REFRESH,
        REFRESH_TOKEN_REUSE,
        SIGN_OUT,
        SIGN_OUT_EVERYWHERE,
        SESSION_ENDED,
        PASSWORD_CHANGE,
        PASSWORD_RESET_REQUEST,
        PASSWORD_RESET,
        EMAIL_VERIFICATION,
        EMAIL_CHANGE_REQUEST,
        EMAIL_CHANGE,
        SECOND_FACTOR_ADDED,
        SECOND_FACTOR_REMOVED,
        RECOVERY_CODE_USED,
        RECOVERY_CODES_RENEWED,
        API_KEY_CREATED,
        API_KEY_REVOKED,
        API_KEY_USE,
        PROVIDER_LINKED,
        PROVIDER_UNLINKED,
        ACCOUNT_DEACTIVATED,
        ACCOUNT_REACTIVATED,
        ACCOUNT_DELETED,
        ROLE_GRANTED,
        ROLE_REVOKED,
        DATA_EXPORT,
        DATA_ERASURE;

        /** As it is recorded. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The type of that {@link #label}, if there is one. */
        public static Optional<Type> labelled(String label) {
            return Arrays.stream(values())
                    .filter(type -> type.label().equals(label))
                    .findFirst();
        }
    }

    /** Somebody did it to their own account. */
    public static SecurityEvent succeeded(Type type, UUID userId) {
        return new SecurityEvent(type, true, null, userId, userId, null, null);
    }

    /**
     * It did not come about, so that nobody is known to be who they claim to be.
     *
     * @param subjectId whose account it was tried on; null if there is none
     */
    public static SecurityEvent failed(Type type, UUID subjectId, String reason) {
        return new SecurityEvent(type, false, reason, null, subjectId, null, null);
    }

    /** The same, done by somebody else: an administrator, or null for the service itself. */
    public SecurityEvent by(UUID actor) {
        return new SecurityEvent(type, succeeded, reason, actor, subjectId, objectId, sessionId);
    }

    /** The same with what was done exactly, as a constant. */
    public SecurityEvent because(String constant) {
        return new SecurityEvent(type, succeeded, constant, actorId, subjectId, objectId, sessionId);
    }

    /** The same with the thing it concerns. */
    public SecurityEvent about(UUID object) {
        return new SecurityEvent(type, succeeded, reason, actorId, subjectId, object, sessionId);
    }

    /** The same with the sign-in it belongs to. */
    public SecurityEvent in(UUID session) {
        return new SecurityEvent(type, succeeded, reason, actorId, subjectId, objectId, session);
    }
}
