package dev.customrag.http;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * What one network may do, as {@code 100/10m}: a hundred in ten minutes. A network (the first 24 bits of an IPv4 address,
 * 48 of an IPv6 one) can be an office, so that the limits are for machines rather than for people.
 */
@ConfigMapping(prefix = "limits")
interface LimitsConfig {

    /** Registrations of a network, refused ones included: they tell who has an account. */
    @WithDefault("100/10m")
    RateLimit registrations();

    /** Wrong passwords and codes of a network, for whichever accounts. What was right does not count. */
    @WithDefault("100/5m")
    RateLimit signInFailures();

    /** Refresh tokens of a network that were refused. Nobody guesses one; but each costs the check of a signature. */
    @WithDefault("300/5m")
    RateLimit refreshFailures();

    /**
     * Tokens of links and second steps, and answers of sign-in providers, that a network came with and that were refused.
     * Nobody guesses one; but each is recorded, and the record cannot be cut short.
     */
    @WithDefault("100/5m")
    RateLimit linkFailures();

    /** Sign-ins that a network begins with a provider. */
    @WithDefault("100/5m")
    RateLimit providerAttempts();

    /** Requests of a network that send somebody a mail. */
    @WithDefault("50/10m")
    RateLimit mailRequests();

    /** Mails that strangers can have sent to one person: to ask for more sends none. */
    @WithDefault("5/1h")
    RateLimit mails();

    /** Networks, of 24 bits or fewer for IPv4 and 48 for IPv6, to which none of the limits by network apply. */
    Optional<List<Network>> exempt();
}
