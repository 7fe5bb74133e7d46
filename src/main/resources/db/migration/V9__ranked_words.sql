-- Full-text search ranked by BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond",
-- 2009), with each owner's own statistics: docs/decisions/0006-bm25-in-sql.md.

-- For a GIN index that knows the owner. A trusted extension: whoever may create in the database may create it.
CREATE EXTENSION IF NOT EXISTS btree_gin;

SELECT set_config('custom_rag.everybody', 'yes', true);

-- The words of a text, repetitions counted: the length that BM25 normalises by.
CREATE FUNCTION count_words(words tsvector) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (SELECT coalesce(sum(cardinality(positions)), 0)::integer FROM unnest(words));

-- language names the text search configuration that stemmed a passage. As text: a column of type regconfig is in the
-- way of pg_upgrade. gap_before is the white space between a passage and the one before it in the same section and
-- page; null where there is none such or both overlap.
ALTER TABLE passages
    DROP COLUMN search,
    ADD COLUMN language text NOT NULL DEFAULT 'english',
    ADD COLUMN search tsvector,
    ADD COLUMN gap_before text;
UPDATE passages SET search = to_tsvector('english', coalesce(heading || E'\n\n', '') || text);
ALTER TABLE passages
    ALTER COLUMN language DROP DEFAULT,
    ALTER COLUMN search SET NOT NULL,
    ADD COLUMN word_count integer NOT NULL GENERATED ALWAYS AS (count_words(search)) STORED;

-- Ranking reads words and vectors of many rows: kept in the row, uncompressed, two rows a page.
ALTER TABLE passages SET (toast_tuple_target = 4080);
ALTER TABLE passages ALTER COLUMN search SET STORAGE MAIN;

-- With the owner in the index a common word costs as many steps as the owner has of it, not as everybody has. Without
-- the pending list, as every search would read all of it.
CREATE INDEX passages_owner_id_search_idx ON passages USING gin (owner_id, search) WITH (fastupdate = off);

-- Passages and their words, by language.
CREATE TABLE passage_totals (
    owner_id   uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    language   text NOT NULL,
    passages   bigint NOT NULL CHECK (passages > 0),
    word_count bigint NOT NULL,
    PRIMARY KEY (owner_id, language)
);

-- In how many passages a lexeme stands. The fill factor leaves room for updates in place.
CREATE TABLE passage_lexemes (
    owner_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    lexeme   text NOT NULL,
    passages bigint NOT NULL CHECK (passages > 0),
    PRIMARY KEY (owner_id, lexeme)
) WITH (fillfactor = 80);

CALL close_rows('passage_totals');
CALL close_rows('passage_lexemes');

INSERT INTO passage_totals
SELECT owner_id, language, count(*), sum(word_count) FROM passages GROUP BY owner_id, language;
INSERT INTO passage_lexemes
SELECT owner_id, lexeme, count(*) FROM passages CROSS JOIN unnest(search) GROUP BY owner_id, lexeme;

-- The statistics change in the transaction of the passages, whichever statement or foreign key changes them. One change
-- at a time for an owner: two would take the same rows in different orders. As the owner of the tables, since a
-- deletion may cascade from where row-level security shows less.
CREATE FUNCTION count_new_passages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    PERFORM pg_advisory_xact_lock(hashtextextended('passages of ' || owner_id, 0))
    FROM (SELECT DISTINCT owner_id FROM changed ORDER BY owner_id) owners;

    INSERT INTO passage_totals AS kept
    SELECT owner_id, language, count(*), sum(word_count) FROM changed GROUP BY owner_id, language
    ON CONFLICT (owner_id, language) DO UPDATE
    SET passages = kept.passages + excluded.passages, word_count = kept.word_count + excluded.word_count;

    INSERT INTO passage_lexemes AS kept
    SELECT owner_id, lexeme, count(*) FROM changed CROSS JOIN unnest(search) GROUP BY owner_id, lexeme
    ON CONFLICT (owner_id, lexeme) DO UPDATE SET passages = kept.passages + excluded.passages;
    PERFORM set_config('custom_rag.everybody', '', true);
    RETURN NULL;
END
$$;

-- Statistics of an owner who is being deleted go with the account.
CREATE FUNCTION discount_old_passages() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    PERFORM pg_advisory_xact_lock(hashtextextended('passages of ' || owner_id, 0))
    FROM (SELECT DISTINCT owner_id FROM changed WHERE EXISTS (SELECT FROM users WHERE users.id = owner_id)
          ORDER BY owner_id) owners;
    IF NOT FOUND THEN
        PERFORM set_config('custom_rag.everybody', '', true);
        RETURN NULL;
    END IF;

    MERGE INTO passage_totals kept
    USING (SELECT owner_id, language, count(*) AS passages, sum(word_count) AS word_count
           FROM changed GROUP BY owner_id, language) gone
    ON kept.owner_id = gone.owner_id AND kept.language = gone.language
    WHEN MATCHED AND kept.passages = gone.passages THEN DELETE
    WHEN MATCHED THEN UPDATE
        SET passages = kept.passages - gone.passages, word_count = kept.word_count - gone.word_count;

    MERGE INTO passage_lexemes kept
    USING (SELECT owner_id, lexeme, count(*) AS passages
           FROM changed CROSS JOIN unnest(search) GROUP BY owner_id, lexeme) gone
    ON kept.owner_id = gone.owner_id AND kept.lexeme = gone.lexeme
    WHEN MATCHED AND kept.passages = gone.passages THEN DELETE
    WHEN MATCHED THEN UPDATE SET passages = kept.passages - gone.passages;
    PERFORM set_config('custom_rag.everybody', '', true);
    RETURN NULL;
END
$$;

CREATE FUNCTION refuse_changed_words() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
    RAISE EXCEPTION 'the words of a passage are replaced with it, not changed';
END
$$;

CREATE TRIGGER passages_counted AFTER INSERT ON passages
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_new_passages();
CREATE TRIGGER passages_discounted AFTER DELETE ON passages
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION discount_old_passages();
CREATE TRIGGER passages_words_kept BEFORE UPDATE OF owner_id, language, search ON passages
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_words();

-- The text search configuration for a text: the language of which most different function words stand there, as
-- PostgreSQL's stop word lists have them. Different ones, or a list of judges, each "Hon.", would be Swedish. Too few of
-- any: English for what is written in ASCII, else words as they are.
CREATE FUNCTION language_of(sample text) RETURNS text
    LANGUAGE sql STABLE STRICT PARALLEL SAFE SET search_path = pg_catalog
AS $$
    WITH words AS MATERIALIZED (
        SELECT lexeme, unnest(positions) AS position FROM unnest(to_tsvector('simple', sample))
    ), dropped AS (
        SELECT language, place, stopped.different, stopped.times
        FROM unnest(ARRAY['english', 'german', 'french', 'spanish', 'italian', 'portuguese', 'dutch', 'swedish',
                          'danish', 'norwegian', 'finnish', 'hungarian', 'russian'])
                 WITH ORDINALITY AS languages (language, place)
            CROSS JOIN LATERAL (
                SELECT count(DISTINCT lexeme) AS different, count(*) AS times
                FROM words
                WHERE position NOT IN (SELECT unnest(positions)
                                       FROM unnest(to_tsvector(languages.language::regconfig, sample)))
            ) stopped
    )
    SELECT coalesce(
        (SELECT language FROM dropped
         WHERE different > 2 AND times >= 0.15 * (SELECT count(*) FROM words)
         ORDER BY different DESC, times DESC, place
         LIMIT 1),
        CASE WHEN octet_length(sample) < 1.02 * length(sample) THEN 'english' ELSE 'simple' END)
$$;

-- The passages of a person that fit some texts best, by BM25 (k1 = 1.2, b = 0.75). texts are parsed in each language the
-- person has passages in; a word counts by the weight of its text, each time it stands there. Function words of the
-- texts' own language are left out in the others too, where they would be rare and so worth much.
--
-- The cost is bounded by postings: words are taken from the rarest on while the passages they stand in add up to that;
-- the rest, which are worth least, are only looked up in the passages found so far.
--
-- As the owner of the tables: under row-level security @@ could not use an index, not being leakproof. So what the policy
-- would ensure is ensured here: person must be who the transaction is for.
CREATE FUNCTION passages_by_words(
    person uuid, within uuid[], texts text[], weights float8[], most integer, postings bigint)
    RETURNS TABLE (id uuid, relevance float8)
    LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50
    -- People differ by orders of magnitude in what they have.
    SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
    total   float8;
    reach   float8;
    average float8;
    terms   tsquery[];
    worths  float8[];
    walked  integer;
    spoken  regconfig := language_of(array_to_string(texts, E'\n'))::regconfig;
BEGIN
    IF person IS DISTINCT FROM current_owner() THEN
        RETURN;
    END IF;
    SELECT sum(kept.passages), sum(kept.word_count) / sum(kept.passages) INTO total, average
    FROM passage_totals kept WHERE kept.owner_id = person;
    IF total IS NULL OR average = 0 THEN
        RETURN;
    END IF;

    reach := total;
    IF within IS NOT NULL THEN
        SELECT count(*) INTO reach
        FROM (SELECT FROM passages
              WHERE passages.owner_id = person AND passages.document_id = ANY (within) LIMIT postings) reached;
    END IF;

    WITH in_each_language AS (
        SELECT word.lexeme, sum(asked.weight) AS weight
        FROM passage_totals kept
            CROSS JOIN unnest(texts, weights) AS asked (text, weight)
            CROSS JOIN LATERAL unnest(to_tsvector(kept.language::regconfig, asked.text)) AS word
            CROSS JOIN LATERAL unnest(word.positions) AS position
        WHERE kept.owner_id = person
          AND position IN (SELECT unnest(positions) FROM unnest(to_tsvector(spoken, asked.text)))
        GROUP BY kept.language, word.lexeme
    ), asked AS (
        SELECT lexeme, max(weight) AS weight FROM in_each_language GROUP BY lexeme
    ), best AS (
        SELECT kept.lexeme, kept.passages,
               asked.weight * ln(1 + (total - kept.passages + 0.5) / (kept.passages + 0.5)) AS worth
        FROM asked JOIN passage_lexemes kept ON kept.owner_id = person AND kept.lexeme = asked.lexeme
        ORDER BY worth DESC, kept.lexeme
        LIMIT 100
    ), added AS (
        SELECT *, row_number() OVER rarest AS place, sum(least(passages, reach)) OVER rarest AS walk
        FROM best WINDOW rarest AS (ORDER BY passages, lexeme)
    )
    SELECT array_agg(('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || '''')::tsquery ORDER BY place),
           array_agg(worth ORDER BY place),
           count(*) FILTER (WHERE place = 1 OR walk <= postings)
    INTO terms, worths, walked
    FROM added;

    -- The number of covers of one word is the number of its occurrences: what ts_rank_cd gives at weight 1.
    RETURN QUERY
    WITH found AS (
        SELECT hit.id, sum(term.worth * 2.2 * hit.times / (hit.times + 1.2 * (0.25 + 0.75 * hit.word_count / average)))
                   AS relevance
        FROM unnest(terms[:walked], worths[:walked]) AS term (query, worth)
            CROSS JOIN LATERAL (
                SELECT passages.id, passages.word_count, ts_rank_cd('{1,1,1,1}', passages.search, term.query) AS times
                FROM passages
                WHERE passages.owner_id = person AND passages.search @@ term.query
                  AND (within IS NULL OR passages.document_id = ANY (within))
                LIMIT postings
            ) hit
        GROUP BY hit.id
    ), likely AS (
        SELECT found.id, found.relevance FROM found
        ORDER BY found.relevance DESC, found.id
        LIMIT CASE WHEN walked < cardinality(terms) THEN 4 * most ELSE most END
    )
    SELECT likely.id, likely.relevance + coalesce(rest.relevance, 0)
    FROM likely LEFT JOIN LATERAL (
        SELECT sum(term.worth * 2.2 * hit.times / (hit.times + 1.2 * (0.25 + 0.75 * passages.word_count / average)))
                   AS relevance
        FROM passages
            CROSS JOIN unnest(terms[walked + 1:], worths[walked + 1:]) AS term (query, worth)
            CROSS JOIN LATERAL (SELECT ts_rank_cd('{1,1,1,1}', passages.search, term.query) AS times) hit
        WHERE passages.id = likely.id
    ) rest ON walked < cardinality(terms)
    ORDER BY 2 DESC, 1
    LIMIT most;
END
$$;

-- Whoever calls them cannot put tables of their own in the place of ours.
DO $$
DECLARE
    called text;
BEGIN
    FOREACH called IN ARRAY ARRAY['count_new_passages', 'discount_old_passages', 'passages_by_words'] LOOP
        EXECUTE format('ALTER FUNCTION %I SET search_path = pg_catalog, %I, pg_temp', called, current_schema());
    END LOOP;
END
$$;

SELECT set_config('custom_rag.everybody', '', true);
