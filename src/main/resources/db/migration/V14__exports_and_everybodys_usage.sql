-- The export of their data that a person has under way, of which there is one at a time in the whole installation. Goes
-- with it, or makes way for the next when nothing was heard of it for a while, as its process may have died.
CREATE UNLOGGED TABLE data_exports (
    owner_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
    id       uuid NOT NULL,
    begun_at timestamptz NOT NULL,
    alive_at timestamptz NOT NULL
);

CALL close_rows('data_exports');

-- For administrators: what everybody's calls of models took, by day, purpose and model; of nobody in particular.
CREATE FUNCTION usage_of_everybody(from_day date, to_day date)
RETURNS TABLE (day date, purpose text, model_id text, calls bigint, input_tokens bigint, output_tokens bigint,
               cache_read_tokens bigint, cache_write_tokens bigint, unpriced_tokens bigint, cost numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    SELECT t.day, t.purpose, t.model_id, sum(t.calls)::bigint, sum(t.input_tokens)::bigint,
           sum(t.output_tokens)::bigint, sum(t.cache_read_tokens)::bigint, sum(t.cache_write_tokens)::bigint,
           sum(t.unpriced_tokens)::bigint, sum(t.cost)
    FROM usage_totals t
    WHERE t.day BETWEEN $1 AND $2
    GROUP BY t.day, t.purpose, t.model_id
    ORDER BY t.day DESC, t.model_id, t.purpose;
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

-- The same by person, the one of the greatest cost first, or of the most tokens: so many of those after a place in that
-- order, which is what a row has in worth and other and whose it is; from the first where the place is null.
CREATE FUNCTION usage_by_person(from_day date, to_day date, by_tokens boolean,
                                after_worth numeric, after_other numeric, after_person uuid, most integer)
RETURNS TABLE (person uuid, calls bigint, input_tokens bigint, output_tokens bigint, cache_read_tokens bigint,
               cache_write_tokens bigint, unpriced_tokens bigint, cost numeric, worth numeric, other numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    WITH people AS (
        SELECT t.owner_id, sum(t.calls)::bigint AS calls, sum(t.input_tokens)::bigint AS input_tokens,
               sum(t.output_tokens)::bigint AS output_tokens, sum(t.cache_read_tokens)::bigint AS cache_read_tokens,
               sum(t.cache_write_tokens)::bigint AS cache_write_tokens,
               sum(t.unpriced_tokens)::bigint AS unpriced_tokens, sum(t.cost) AS cost,
               sum(t.input_tokens + t.output_tokens + t.cache_read_tokens + t.cache_write_tokens) AS tokens
        FROM usage_totals t
        WHERE t.day BETWEEN $1 AND $2
        GROUP BY t.owner_id
    ), ranked AS (
        SELECT p.*, CASE WHEN $3 THEN p.tokens ELSE p.cost END AS worth,
               CASE WHEN $3 THEN p.cost ELSE p.tokens END AS other
        FROM people p
    )
    SELECT r.owner_id, r.calls, r.input_tokens, r.output_tokens, r.cache_read_tokens, r.cache_write_tokens,
           r.unpriced_tokens, r.cost, r.worth, r.other
    FROM ranked r
    WHERE $6 IS NULL OR (r.worth, r.other, r.owner_id) < ($4, $5, $6)
    ORDER BY r.worth DESC, r.other DESC, r.owner_id DESC
    LIMIT $7;
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

-- Whoever calls them cannot put tables of their own in the place of ours.
DO $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY['usage_of_everybody', 'usage_by_person'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = pg_catalog, %I, pg_temp', called, current_schema());
    END LOOP;
END
$$;
