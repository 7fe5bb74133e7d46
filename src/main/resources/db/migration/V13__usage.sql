-- The ledger: what calls of models took, and what that cost. Nothing of what was said.

-- One row a call; one a batch where texts of documents are embedded, which takes thousands of calls. cost is exact, in the
-- currency configured at the time; null where the model had no price.
CREATE TABLE model_calls (
    id                 uuid PRIMARY KEY,
    owner_id           uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    purpose            text NOT NULL,
    model_id           text NOT NULL,
    input_tokens       integer NOT NULL CHECK (input_tokens >= 0),
    output_tokens      integer NOT NULL CHECK (output_tokens >= 0),
    cache_read_tokens  integer NOT NULL CHECK (cache_read_tokens >= 0),
    cache_write_tokens integer NOT NULL CHECK (cache_write_tokens >= 0),
    cost               numeric CHECK (cost >= 0),
    made_at            timestamptz NOT NULL
);

CREATE INDEX model_calls_owner_id_made_at_id_idx ON model_calls (owner_id, made_at, id);
CREATE INDEX model_calls_made_at_idx ON model_calls (made_at);

-- The same added up, by day in UTC: what budgets are held against, and what outlasts the single calls. Written with each
-- call, in its statement. The fill factor leaves room for updates in place.
CREATE TABLE usage_totals (
    owner_id           uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    day                date NOT NULL,
    purpose            text NOT NULL,
    model_id           text NOT NULL,
    calls              bigint NOT NULL,
    input_tokens       bigint NOT NULL,
    output_tokens      bigint NOT NULL,
    cache_read_tokens  bigint NOT NULL,
    cache_write_tokens bigint NOT NULL,
    -- Those of all four kinds that had no price and are not in the cost.
    unpriced_tokens    bigint NOT NULL,
    cost               numeric NOT NULL,
    PRIMARY KEY (owner_id, day, purpose, model_id)
) WITH (fillfactor = 80);

CREATE INDEX usage_totals_day_idx ON usage_totals (day);

-- What calls under way may take at most. Counts until the call is over, or, as its process may have died, until expires_at.
CREATE TABLE usage_reservations (
    id         uuid PRIMARY KEY,
    owner_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    day        date NOT NULL,
    tokens     bigint NOT NULL CHECK (tokens >= 0),
    cost       numeric NOT NULL CHECK (cost >= 0),
    expires_at timestamptz NOT NULL
);

CREATE INDEX usage_reservations_owner_id_idx ON usage_reservations (owner_id);

CALL close_rows('model_calls');
CALL close_rows('usage_totals');
CALL close_rows('usage_reservations');

-- The lane of what the ledger forgets.
CREATE TABLE usage_tasks (LIKE scheduled_tasks INCLUDING ALL);

-- Forget what is old, whoever's, so many rows at most; they give how many that were. Rows that somebody holds are left for
-- the next time.
CREATE FUNCTION forget_model_calls(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    forgotten integer;
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    DELETE FROM model_calls WHERE id = ANY (ARRAY (
        SELECT c.id FROM model_calls c WHERE c.made_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('custom_rag.everybody', '', true);
    RETURN forgotten;
END
$$;

CREATE FUNCTION forget_usage_totals(before date, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    forgotten integer;
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    DELETE FROM usage_totals WHERE ctid = ANY (ARRAY (
        SELECT t.ctid FROM usage_totals t WHERE t.day < before LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('custom_rag.everybody', '', true);
    RETURN forgotten;
END
$$;

CREATE FUNCTION forget_usage_reservations(before timestamptz, most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    forgotten integer;
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    DELETE FROM usage_reservations WHERE id = ANY (ARRAY (
        SELECT r.id FROM usage_reservations r WHERE r.expires_at < before LIMIT most FOR UPDATE SKIP LOCKED));
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    PERFORM set_config('custom_rag.everybody', '', true);
    RETURN forgotten;
END
$$;

-- Whoever calls them cannot put tables of their own in the place of ours.
DO $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY['forget_model_calls', 'forget_usage_totals', 'forget_usage_reservations'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = pg_catalog, %I, pg_temp', called, current_schema());
    END LOOP;
END
$$;
