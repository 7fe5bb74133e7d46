CREATE TABLE documents (
    id            uuid PRIMARY KEY,
    owner_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    filename      text NOT NULL,
    media_type    text NOT NULL,
    size_bytes    bigint NOT NULL,
    sha256        text NOT NULL,
    status        text NOT NULL CHECK (status IN ('queued', 'parsing', 'embedding', 'ready', 'failed')),
    progress      real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    page_count    integer,
    passage_count integer NOT NULL DEFAULT 0,
    error         text,
    -- Names the run that may write the state. Whoever asks for another run gives another name, so that a worker that
    -- was taken for dead cannot overwrite what came after it.
    ingestion     uuid NOT NULL DEFAULT gen_random_uuid(),
    -- How often this run broke off by a crash or a fault of ours.
    faults        integer NOT NULL DEFAULT 0,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL,
    ready_at      timestamptz,
    CONSTRAINT documents_owner_id_sha256_key UNIQUE (owner_id, sha256)
);

CREATE INDEX documents_owner_id_created_at_idx ON documents (owner_id, created_at DESC, id DESC);

CREATE TABLE document_contents (
    document_id uuid PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    bytes       bytea NOT NULL
);

-- Most formats are compressed already; trying again costs time and wins nothing.
ALTER TABLE document_contents ALTER COLUMN bytes SET STORAGE EXTERNAL;

-- Whoever shows documents hears of their changes, whichever process makes them. Ids only, seen at commit.
CREATE FUNCTION announce_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('document', NEW.owner_id || '/' || NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER documents_announced AFTER INSERT OR UPDATE ON documents
    FOR EACH ROW EXECUTE FUNCTION announce_document();

-- The table of db-scheduler 16, column for column as its own postgresql_tables.sql has it.
CREATE TABLE scheduled_tasks (
    task_name            text NOT NULL,
    task_instance        text NOT NULL,
    task_data            bytea,
    execution_time       timestamptz NOT NULL,
    picked               boolean NOT NULL,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures integer,
    last_heartbeat       timestamptz,
    version              bigint NOT NULL,
    priority             smallint,
    PRIMARY KEY (task_name, task_instance)
);

CREATE INDEX scheduled_tasks_execution_time_idx ON scheduled_tasks (execution_time);
CREATE INDEX scheduled_tasks_last_heartbeat_idx ON scheduled_tasks (last_heartbeat);
CREATE INDEX scheduled_tasks_priority_idx ON scheduled_tasks (priority DESC, execution_time ASC);
