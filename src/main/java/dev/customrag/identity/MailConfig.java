package dev.customrag.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How mails are sent. The SMTP server is that of {@code quarkus.mailer.*}: docs/operations.md, "Mail". */
@ConfigMapping(prefix = "mail")
interface MailConfig {

    /** How long the SMTP server may take for one mail. More than a server needs that makes senders wait on purpose. */
    @WithDefault("60s")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration timeout();

    /** First wait before a mail is tried again; doubles each time. */
    @WithDefault("10s")
    @DurationMin(millis = 1)
    @DurationMax(hours = 1)
    Duration backoff();

    /** The longest such wait. */
    @WithDefault("30m")
    @DurationMin(millis = 1)
    @DurationMax(hours = 24)
    Duration maxBackoff();

    /** A mail that could not be sent for so long is dropped: by then it tells of the day before. */
    @WithDefault("1d")
    @DurationMin(minutes = 1)
    @DurationMax(days = 30)
    Duration giveUpAfter();
}
