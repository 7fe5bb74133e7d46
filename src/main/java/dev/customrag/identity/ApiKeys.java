package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import io.quarkus.security.AuthenticationFailedException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The API keys people make for their programs. Whether one is good, {@link ApiKeyCheck} says. */
@ApplicationScoped
class ApiKeys {

    /** One for each program and machine somebody has, and a while for both when they are changed. */
    private static final int MOST = 50;

    /** The end of the year 9999: later times ISO 8601 writes with a sign, which few can read. */
    private static final Instant LAST = Instant.ofEpochSecond(253_402_300_799L);

    private final RecentSignIn recentSignIn;
    private final Mails mails;
    private final Audit audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    ApiKeys(RecentSignIn recentSignIn, Mails mails, Audit audit, Clock clock) {
        this.recentSignIn = recentSignIn;
        this.mails = mails;
        this.audit = audit;
        this.clock = clock;
    }

    /** A new key, and its text, which nobody can tell from then on. */
    record Created(ApiKey key, KeyText text) {}

    /**
     * Makes a key for somebody, who is told so by mail.
     *
     * @param sessionId the sign-in they ask in
     * @param expiresAt null for a key that does not expire
     * @throws Problem 401 if the sign-in is not recent: a key outlives it; 409 if they have as many as one may have; 422 for a time that is no time to come
     */
    @Transactional
    Created create(UUID userId, UUID sessionId, String name, Instant expiresAt) {
        Instant now = clock.instant();
        if (expiresAt != null && !(expiresAt.isAfter(now) && expiresAt.isBefore(LAST))) {
            throw Problem.invalid("expires_at", "must be in the future, and before the year 10000");
        }
        recentSignIn.require(sessionId);
        // Locked, so that those who make keys at the same moment are counted one after the other.
        User owner = User.lockedActive(userId).orElseThrow(AuthenticationFailedException::new);
        if (ApiKey.count(owner) >= MOST) {
            throw Problem.conflict(
                    "too-many-api-keys", "You have " + MOST + " API keys. Revoke one you no longer need.");
        }
        KeyText text = KeyText.random(random);
        var key = new ApiKey();
        key.id = Ids.next();
        key.user = owner;
        key.name = name;
        key.keyHash = text.hash();
        key.hint = text.hint();
        key.createdAt = now;
        key.expiresAt = expiresAt == null ? null : expiresAt.truncatedTo(ChronoUnit.MICROS);
        key.persist();
        audit.record(SecurityEvent.succeeded(Type.API_KEY_CREATED, userId)
                .about(key.id)
                .in(sessionId));
        mails.send(Mail.API_KEY_CREATED, userId, key.id);
        return new Created(key, text);
    }

    /** Somebody's keys, the newest first. */
    @Transactional
    Page<ApiKey> list(UUID userId, PageRequest page) {
        return Page.of(
                ApiKey.of(userId, page.after(), page.limit + 1),
                page.limit,
                last -> new Cursor(last.createdAt, last.id));
    }

    /**
     * Ends a key of somebody's, from the next request on.
     *
     * @throws Problem 404 if they have none such
     */
    @Transactional
    void revoke(UUID userId, UUID sessionId, UUID keyId) {
        if (!ApiKey.revoke(userId, keyId, clock.instant())) {
            throw Problem.notFound("API key");
        }
        audit.record(SecurityEvent.succeeded(Type.API_KEY_REVOKED, userId)
                .about(keyId)
                .in(sessionId));
    }
}
