-- Who signs in through a provider only has no password.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE users ADD COLUMN roles text[] NOT NULL DEFAULT '{}'
    CONSTRAINT users_roles_known CHECK (roles <@ ARRAY['admin']);
CREATE INDEX users_created_at_idx ON users (created_at, id);
-- The administrators, who are few.
CREATE INDEX users_with_roles_idx ON users (id) WHERE roles <> '{}';

-- What a person recognises a sign-in by. No full address is kept: its network is enough for that.
ALTER TABLE sign_in_sessions ADD COLUMN device text NOT NULL DEFAULT 'Unknown device';
ALTER TABLE sign_in_sessions ADD COLUMN address_prefix text NOT NULL DEFAULT '';
-- Also whether somebody has signed in from a network, and since when.
DROP INDEX sign_in_sessions_user_id_idx;
CREATE INDEX sign_in_sessions_user_id_idx ON sign_in_sessions (user_id, address_prefix, created_at);

-- The token that took the place of a spent one.
ALTER TABLE refresh_tokens ADD COLUMN successor_id uuid;
-- Issued once more, as the answer that carried it first seems to be lost.
ALTER TABLE refresh_tokens ADD COLUMN replacement boolean NOT NULL DEFAULT false;

-- Links of mails, and the second step of a login: each good for one thing, once, for a while.
CREATE TABLE one_time_tokens (
    id          uuid PRIMARY KEY,
    user_id     uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose     text NOT NULL,
    token_hash  bytea NOT NULL CONSTRAINT one_time_tokens_token_hash_key UNIQUE,
    -- The address it was sent to, which it confirms.
    email       text,
    tries       integer NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    used_at     timestamptz
);

CREATE INDEX one_time_tokens_user_id_idx ON one_time_tokens (user_id);
CREATE INDEX one_time_tokens_expires_at_idx ON one_time_tokens (expires_at);

CREATE TABLE second_factors (
    user_id      uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    -- Encrypted; the name of its key stands before it.
    secret       bytea NOT NULL,
    created_at   timestamptz NOT NULL,
    confirmed_at timestamptz,
    -- The time step of the last code that was accepted: none is accepted twice.
    last_step    bigint NOT NULL DEFAULT 0
);

CREATE TABLE recovery_codes (
    id        uuid PRIMARY KEY,
    user_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    code_hash bytea NOT NULL,
    used_at   timestamptz
);

CREATE INDEX recovery_codes_user_id_idx ON recovery_codes (user_id);

CREATE TABLE api_keys (
    id           uuid PRIMARY KEY,
    user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    name         text NOT NULL,
    key_hash     bytea NOT NULL CONSTRAINT api_keys_key_hash_key UNIQUE,
    -- The first characters, to tell one key from another.
    hint         text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    -- Kept for a while, so that a revoked key is still known when somebody comes with it.
    revoked_at   timestamptz,
    -- When it was last recorded that the key came, and was no longer good.
    refused_at   timestamptz
);

CREATE INDEX api_keys_user_id_idx ON api_keys (user_id);

CREATE TABLE social_identities (
    id         uuid PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    provider   text NOT NULL,
    subject    text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT social_identities_subject_key UNIQUE (provider, subject)
);

CREATE INDEX social_identities_user_id_idx ON social_identities (user_id);

-- Sign-ins through a provider that wait for its answer. Nothing in here is enough to finish one.
CREATE TABLE provider_attempts (
    id         uuid PRIMARY KEY,
    state_hash bytea NOT NULL CONSTRAINT provider_attempts_state_hash_key UNIQUE,
    provider   text NOT NULL,
    -- Of who connects the provider to their account; null for who signs in.
    session_id uuid REFERENCES sign_in_sessions ON DELETE CASCADE,
    expires_at timestamptz NOT NULL
);

CREATE INDEX provider_attempts_session_id_idx ON provider_attempts (session_id);
CREATE INDEX provider_attempts_expires_at_idx ON provider_attempts (expires_at);

-- Failed sign-ins by the hash of what was tried, so that an address nobody has looks like any other.
CREATE TABLE sign_in_failures (
    key            bytea PRIMARY KEY,
    failures       integer NOT NULL,
    last_failed_at timestamptz NOT NULL,
    blocked_until  timestamptz NOT NULL
);

CREATE INDEX sign_in_failures_last_failed_at_idx ON sign_in_failures (last_failed_at);

-- Bucket4j's.
CREATE TABLE rate_limits (
    id         bigint PRIMARY KEY,
    state      bytea,
    expires_at bigint
);

CREATE INDEX rate_limits_expires_at_idx ON rate_limits (expires_at);

-- No reference to users: what happened stays known when an account is gone, under an id that then means nobody.
CREATE TABLE audit_events (
    id             uuid PRIMARY KEY,
    occurred_at    timestamptz NOT NULL,
    type           text NOT NULL,
    outcome        text NOT NULL CONSTRAINT audit_events_outcome_known CHECK (outcome IN ('success', 'failure')),
    reason         text,
    actor_id       uuid,
    subject_id     uuid,
    object_id      uuid,
    session_id     uuid,
    address_prefix text NOT NULL,
    user_agent     text NOT NULL,
    request_id     text NOT NULL
);

CREATE INDEX audit_events_occurred_at_idx ON audit_events (occurred_at, id);
CREATE INDEX audit_events_subject_id_idx ON audit_events (subject_id, occurred_at, id);
CREATE INDEX audit_events_actor_id_idx ON audit_events (actor_id, occurred_at, id);
CREATE INDEX audit_events_type_idx ON audit_events (type, occurred_at, id);

-- Nobody changes the record, this service included; it may forget what is older than the shortest retention there is.
CREATE FUNCTION keep_audit_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.occurred_at < now() - interval '30 days' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION keep_audit_events();
CREATE TRIGGER audit_events_not_truncated BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_events();

-- Mails and clean-up, beside the documents' queue: neither waits for the other.
CREATE TABLE background_tasks (LIKE scheduled_tasks INCLUDING ALL);
