SELECT set_config('custom_rag.everybody', 'yes', true);

ALTER TABLE chat_sessions
    ADD COLUMN assistant_id uuid,
    -- Whose words the title is: a person's stays, the first question makes way for what the model makes of it.
    ADD COLUMN titled_by text NOT NULL DEFAULT 'person' CHECK (titled_by IN ('person', 'question', 'model')),
    -- The end of the branch that is shown; null while there are no messages.
    ADD COLUMN current_message_id uuid REFERENCES chat_messages ON DELETE SET NULL,
    ADD CONSTRAINT chat_sessions_owner_id_id_key UNIQUE (owner_id, id),
    -- What was said stays readable without the assistant.
    ADD FOREIGN KEY (owner_id, assistant_id) REFERENCES assistants (owner_id, id) ON DELETE SET NULL (assistant_id);

CREATE INDEX chat_sessions_assistant_id_idx ON chat_sessions (assistant_id);
CREATE INDEX chat_sessions_current_message_id_idx ON chat_sessions (current_message_id);

ALTER TABLE chat_messages
    ADD COLUMN owner_id uuid,
    -- Of a question: complete, or unanswered with what went wrong. Of an answer: running until it ended in one of the others.
    ADD COLUMN status text NOT NULL DEFAULT 'complete'
        CHECK (status IN ('complete', 'unanswered', 'running', 'cut', 'stopped', 'filtered', 'failed')),
    -- The problem (RFC 9457) that ended it.
    ADD COLUMN error jsonb,
    -- How the answer came about: api.md, "Why this answer".
    ADD COLUMN trace jsonb,
    ADD COLUMN cache_read_tokens integer,
    ADD COLUMN cache_write_tokens integer;

UPDATE chat_messages m SET owner_id = s.owner_id FROM chat_sessions s WHERE s.id = m.session_id;
UPDATE chat_sessions s SET current_message_id = (
    SELECT m.id FROM chat_messages m WHERE m.session_id = s.id ORDER BY m.created_at DESC, m.id DESC LIMIT 1);

-- Stemming would need a language, and conversations mix them. The beginning is enough to find a message by, and a row of
-- tsvector has an end.
ALTER TABLE chat_messages
    ALTER COLUMN owner_id SET NOT NULL,
    ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', left(content, 100000))) STORED,
    DROP CONSTRAINT chat_messages_session_id_fkey,
    ADD FOREIGN KEY (owner_id, session_id) REFERENCES chat_sessions (owner_id, id) ON DELETE CASCADE;

CREATE INDEX chat_messages_owner_id_idx ON chat_messages (owner_id);

-- Answers on their way, one at a time in a session. The process that makes one writes down what there is of it several
-- times a second, and hears by the same statement that it was asked to stop; others read it from here. Ends with the
-- answer, so the write-ahead log need not have it: after a crash of the server the message is left, as running, and is
-- ended as one whose process died.
CREATE UNLOGGED TABLE running_answers (
    message_id     uuid PRIMARY KEY REFERENCES chat_messages ON DELETE CASCADE,
    session_id     uuid NOT NULL UNIQUE,
    owner_id       uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    process        uuid NOT NULL,
    -- Null until they are found.
    sources        jsonb,
    content        text NOT NULL DEFAULT '',
    stop_requested boolean NOT NULL DEFAULT false,
    alive_at       timestamptz NOT NULL,
    -- When a client of another process last asked how far it is.
    followed_at    timestamptz,
    FOREIGN KEY (owner_id, session_id) REFERENCES chat_sessions (owner_id, id) ON DELETE CASCADE
);

CREATE INDEX running_answers_owner_id_idx ON running_answers (owner_id);

CALL close_rows('chat_sessions');
CALL close_rows('chat_messages');
CALL close_rows('running_answers');

-- What the answers of one process have come to, whoever's: one statement for all of them. A text that is null is as before.
-- Gives those that are still to go on, with whether they were asked to stop, and whether anybody
-- elsewhere follows them.
CREATE FUNCTION keep_running_answers(running_in uuid, ids uuid[], texts text[])
RETURNS TABLE (id uuid, stop boolean, followed boolean)
LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    UPDATE running_answers r
    SET content = coalesce(kept.content, r.content), alive_at = now()
    FROM unnest($2, $3) AS kept (message, content)
    WHERE r.message_id = kept.message AND r.process = $1
    RETURNING r.message_id, r.stop_requested, coalesce(r.followed_at > now() - interval '2 seconds', false);
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

-- Answers of which nobody has heard since, whoever's; ids only. The second kind lost its row to a crash of the server.
CREATE FUNCTION abandoned_answers(silent_seconds double precision, most integer)
RETURNS TABLE (owner uuid, session uuid, message uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    SELECT m.owner_id, m.session_id, m.id
    FROM chat_messages m
    LEFT JOIN running_answers r ON r.message_id = m.id
    WHERE m.status = 'running' AND coalesce(r.alive_at, m.created_at) < now() - make_interval(secs => $1)
    ORDER BY m.id
    LIMIT $2;
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

CREATE INDEX chat_messages_running_idx ON chat_messages (id) WHERE status = 'running';

-- Recurring work on conversations.
CREATE TABLE chat_tasks (LIKE scheduled_tasks INCLUDING ALL);

-- Whoever calls them cannot put tables of their own in the place of ours.
DO $$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION keep_running_answers(uuid, uuid[], text[]) SET search_path = %I, pg_temp', current_schema());
    EXECUTE format(
        'ALTER FUNCTION abandoned_answers(double precision, integer) SET search_path = %I, pg_temp', current_schema());
END
$$;

SELECT set_config('custom_rag.everybody', '', true);
