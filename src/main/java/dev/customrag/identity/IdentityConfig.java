package dev.customrag.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How people sign in and how long that lasts. */
@ConfigMapping(prefix = "identity")
interface IdentityConfig {

    /** Who issues the tokens, their {@code iss}: differs between installations, so that one refuses another's. */
    @WithDefault("custom-rag-assistant")
    @NotBlank
    String issuer();

    /** Whom the tokens are for, their {@code aud}: this service and no other (RFC 9700, section 2.3). */
    @WithDefault("custom-rag-assistant")
    @NotBlank
    String audience();

    /** The RSA private key that signs tokens, as the text of a PKCS#8 PEM. Required in production, or its file. */
    Optional<String> signingKey();

    /** A file with the same, for platforms that mount secrets as files. */
    Optional<Path> signingKeyFile();

    /**
     * Keys that verify tokens and sign none, as the text of one or more PEM blocks: the former signing key until its last
     * refresh token has expired, the next one before it signs. docs/operations.md, "Signing keys".
     */
    Optional<String> verificationKeys();

    /** Files with the same, separated by commas. */
    Optional<List<Path>> verificationKeyFiles();

    /**
     * The key that secrets in the database are encrypted with: 32 random bytes in Base64. Required in production, or its
     * file. docs/operations.md, "Encryption key".
     */
    Optional<String> encryptionKey();

    /** A file with the same, for platforms that mount secrets as files. */
    Optional<Path> encryptionKeyFile();

    /** Keys that decrypt what they encrypted and encrypt nothing: the former one, and the next one before its turn. */
    Optional<List<String>> previousEncryptionKeys();

    /** Files with the same, separated by commas. */
    Optional<List<Path>> previousEncryptionKeyFiles();

    /** What authenticator apps show beside the address of an account. A colon would end it there. */
    @WithDefault("CustomRAGAssistant")
    @NotBlank
    @Size(max = 64)
    @Pattern(regexp = "[^:]*")
    String authenticatorIssuer();

    /** How long ago somebody may have signed in to change how they sign in: OWASP ASVS 5.0, 7.5.1. */
    @WithDefault("15m")
    @DurationMin(minutes = 1)
    @DurationMax(hours = 24)
    Duration recentSignIn();

    /** Life of an access token. Short, as a copy of it works for as long: 30 minutes is the product's contract. */
    @WithDefault("30m")
    @DurationMin(minutes = 1)
    @DurationMax(hours = 24)
    Duration accessTokenLifetime();

    /** Life of a refresh token, and so the longest pause between two visits without a new login. */
    @WithDefault("7d")
    @DurationMin(minutes = 5)
    @DurationMax(days = 365)
    Duration refreshTokenLifetime();

    /**
     * For how long a spent refresh token still answers with its successor, so that tabs which refresh at the same moment
     * all get the same one. Zero trusts no such story.
     */
    @WithDefault("10s")
    @DurationMin(seconds = 0)
    @DurationMax(hours = 1)
    Duration refreshReuseInterval();

    /** A sign-in ends for good after so long, however much it is used. Empty: never (OWASP ASVS 5.0, 7.3.2). */
    @WithDefault("30d")
    Optional<@DurationMin(minutes = 5) @DurationMax(days = 3650) Duration> sessionLifetime();

    /** A sign-in ends when it was not refreshed for so long. Empty: when its refresh token ends (7.3.1). */
    Optional<@DurationMin(minutes = 5) @DurationMax(days = 365) Duration> sessionIdleLimit();

    /** Where people open the web app, for the links in mails and the way back from sign-in providers. No slash at the end. */
    @WithDefault("http://localhost:${quarkus.http.port}")
    @Pattern(regexp = "https?://[^/?#]+(/[^?#]*[^/?#])?")
    String webUrl();

    /** Whether people may sign in before they have confirmed their address. */
    @WithDefault("true")
    boolean unverifiedMaySignIn();

    /** For how long the link that confirms an address is good, from when its mail is sent. */
    @WithDefault("24h")
    @DurationMin(minutes = 1)
    @DurationMax(days = 30)
    Duration emailVerificationLifetime();

    /** The same for the link that changes an address, which is asked for by who is about to open it. */
    @WithDefault("1h")
    @DurationMin(minutes = 1)
    @DurationMax(days = 7)
    Duration emailChangeLifetime();

    /** The same for the link to choose a new password with: short, as it is as good as a password. */
    @WithDefault("30m")
    @DurationMin(minutes = 1)
    @DurationMax(hours = 24)
    Duration passwordResetLifetime();

    /** Whose account is an administrator's, from when the address is verified. Without it, nobody is by configuration. */
    Optional<@Email String> adminEmail();

    /** Whether the first account of an empty database is an administrator's: for whoever is sure to be the first. */
    @WithDefault("false")
    boolean firstRegistrationIsAdmin();

    /** How far the clocks of two replicas may differ before one takes the other's tokens for early or late. */
    @WithDefault("5s")
    @DurationMin(seconds = 0)
    @DurationMax(minutes = 5)
    Duration clockSkew();

    /**
     * bcrypt cost, a power of two: 12 is about 0.25 s a hash; OWASP's password storage sheet asks for 10 or more. When it
     * rises, a stored hash is made anew at its owner's next login; until then a failed login takes as long as any other.
     * Fewer than 10 are for tests: production does not start with them.
     */
    @WithDefault("12")
    @Min(4)
    @Max(16)
    int bcryptCost();

    /** Passwords that may wait for a free core before others get a 503: 64 is about 8 s on two cores. */
    @WithDefault("64")
    @Min(1)
    @Max(10_000)
    int hashingQueue();

    /**
     * Names of the product, and of who runs it, that everybody here would try: they do not count towards the length of a
     * new password. OWASP ASVS 5.0, 6.1.2 and 6.2.11.
     */
    @WithDefault("custom rag assistant,custom rag")
    List<String> guessableNames();
}
