package dev.customrag.identity;

import dev.customrag.audit.Audit;
import dev.customrag.audit.SecurityEvent;
import dev.customrag.audit.SecurityEvent.Type;
import dev.customrag.http.Cursor;
import dev.customrag.http.Ids;
import dev.customrag.http.Page;
import dev.customrag.http.PageRequest;
import dev.customrag.http.Problem;
import dev.customrag.http.RequestOrigin;
import dev.customrag.http.RequestOrigins;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** The devices people are signed in on: OWASP ASVS 5.0, 7.5.2. */
@ApplicationScoped
class SignInSessions {

    private final RequestOrigins origins;
    private final OneTimeTokens oneTimeTokens;
    private final Mails mails;
    private final FirstAdmin firstAdmin;
    private final Audit audit;
    private final SessionLimits limits;
    private final Clock clock;

    SignInSessions(
            RequestOrigins origins,
            OneTimeTokens oneTimeTokens,
            Mails mails,
            FirstAdmin firstAdmin,
            Audit audit,
            SessionLimits limits,
            Clock clock) {
        this.origins = origins;
        this.oneTimeTokens = oneTimeTokens;
        this.mails = mails;
        this.firstAdmin = firstAdmin;
        this.audit = audit;
        this.limits = limits;
        this.clock = clock;
    }

    /** Begins a session of somebody on the device the request comes from; if it is a new one, they get a mail. */
    @Transactional
    SignInSession begin(User user) {
        RequestOrigin origin = origins.current();
        var session = new SignInSession();
        session.id = Ids.next();
        session.user = user;
        session.device = Device.named(origin.userAgent());
        session.addressPrefix = origin.addressPrefix();
        session.createdAt = clock.instant();
        session.lastUsedAt = session.createdAt;
        firstAdmin.recognise(user);
        boolean firstHere = SignInSession.isNewPlace(session);
        session.persist();
        if (firstHere) {
            mails.send(Mail.NEW_DEVICE, user.id, session.id);
        }
        return session;
    }

    /** Where somebody is signed in, the latest sign-in first. */
    @Transactional
    Page<SignInSession> list(UUID userId, PageRequest page) {
        Instant now = clock.instant();
        return Page.of(
                SignInSession.standing(
                        userId, limits.oldestUse(now), limits.oldestBeginning(now), page.after(), page.limit + 1),
                page.limit,
                last -> new Cursor(last.createdAt, last.id));
    }

    /**
     * Ends one session of somebody.
     *
     * @param current the one the request at hand belongs to
     * @throws Problem 404 if they have none such that stands
     */
    @Transactional
    void end(UUID userId, UUID current, UUID ended) {
        if (!SignInSession.end(userId, ended, clock.instant())) {
            throw Problem.notFound("Session");
        }
        audit.record(
                SecurityEvent.succeeded(Type.SESSION_ENDED, userId).about(ended).in(current));
    }

    /** Ends all sessions of somebody, and the sign-ins that wait for their second step. */
    @Transactional
    void endAll(UUID userId) {
        endOthers(userId, null);
    }

    /**
     * Ends all sessions of somebody but one, and the sign-ins that wait for their second step: what a changed password asks
     * for, OWASP ASVS 5.0, 7.4.3.
     *
     * @param kept null to keep none
     */
    @Transactional
    void endOthers(UUID userId, UUID kept) {
        oneTimeTokens.voidAll(userId, OneTimeTokens.SECOND_STEPS);
        SignInSession.endAll(userId, kept, clock.instant());
    }
}
