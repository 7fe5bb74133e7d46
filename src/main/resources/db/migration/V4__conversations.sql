CREATE TABLE chat_sessions (
    id         uuid PRIMARY KEY,
    owner_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    title      text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
);

CREATE INDEX chat_sessions_owner_id_updated_at_idx ON chat_sessions (owner_id, updated_at DESC, id DESC);

CREATE TABLE chat_messages (
    id            uuid PRIMARY KEY,
    session_id    uuid NOT NULL REFERENCES chat_sessions ON DELETE CASCADE,
    -- What this one answers or follows; null for the first of a session.
    parent_id     uuid REFERENCES chat_messages ON DELETE CASCADE,
    role          text NOT NULL CHECK (role IN ('user', 'assistant')),
    content       text NOT NULL,
    citations     jsonb NOT NULL DEFAULT '[]',
    model_id      text,
    input_tokens  integer,
    output_tokens integer,
    created_at    timestamptz NOT NULL
);

CREATE INDEX chat_messages_session_id_idx ON chat_messages (session_id, created_at, id);
CREATE INDEX chat_messages_parent_id_idx ON chat_messages (parent_id);
