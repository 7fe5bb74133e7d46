package dev.customrag.testing;

import java.util.UUID;

/** The mails that were written down for the queue, which forgets what it has sent: a trigger remembers them. */
public final class WrittenMails {

    private WrittenMails() {}

    /** Remembers from now on. */
    public static void watch() {
        Sql.update("CREATE SCHEMA IF NOT EXISTS testing");
        Sql.update("CREATE TABLE IF NOT EXISTS testing.written_mails (data text NOT NULL)");
        Sql.update("""
                CREATE OR REPLACE FUNCTION remember_mail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
                BEGIN
                    INSERT INTO testing.written_mails VALUES (convert_from(NEW.task_data, 'UTF8'));
                    RETURN NULL;
                END
                $$
                """);
        Sql.update("""
                CREATE OR REPLACE TRIGGER remember_mail AFTER INSERT ON background_tasks
                FOR EACH ROW WHEN (NEW.task_name = 'send-mail') EXECUTE FUNCTION remember_mail()
                """);
    }

    /** How many of that kind went to somebody. */
    public static int count(Enum<?> mail, UUID to) {
        return Sql.query(
                        "SELECT data FROM testing.written_mails WHERE strpos(data, ?) > 0 AND strpos(data, ?) > 0",
                        mail.name(),
                        to.toString())
                .size();
    }
}
