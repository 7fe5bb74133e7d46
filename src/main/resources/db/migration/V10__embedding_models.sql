SELECT set_config('custom_rag.everybody', 'yes', true);

-- Which text a vector is of: the first half of the SHA-256 of what was embedded, so that an owner's same text is not
-- embedded twice. What was embedded is the heading and the text; from here on the service writes it.
ALTER TABLE passages ADD COLUMN text_digest uuid;
UPDATE passages SET text_digest = encode(substring(sha256(convert_to(
    CASE WHEN heading IS NULL OR starts_with(text, heading) THEN text ELSE heading || E'\n\n' || text END,
    'UTF8')) FOR 16), 'hex')::uuid;
ALTER TABLE passages ALTER COLUMN text_digest SET NOT NULL;

CREATE INDEX passages_owner_id_text_digest_idx ON passages (owner_id, text_digest);
-- Which models an owner's passages are of, and which documents are of a model: entries of one document are equal, and
-- PostgreSQL keeps equal ones once.
CREATE INDEX passages_owner_id_space_idx ON passages (owner_id, embedding_model, dimensions);
DROP INDEX passages_owner_id_idx;
CREATE INDEX passages_space_idx ON passages (embedding_model, dimensions, owner_id, document_id);

-- Titan Text Embeddings V2 and Cohere Embed v4 offer these lengths, beside 1024. A model of another length is searched
-- without an index, by comparing with all passages of the owner.
CREATE INDEX passages_embedding_256_idx ON passages
    USING hnsw ((embedding::halfvec(256)) halfvec_cosine_ops) WHERE dimensions = 256;
CREATE INDEX passages_embedding_512_idx ON passages
    USING hnsw ((embedding::halfvec(512)) halfvec_cosine_ops) WHERE dimensions = 512;
CREATE INDEX passages_embedding_1536_idx ON passages
    USING hnsw ((embedding::halfvec(1536)) halfvec_cosine_ops) WHERE dimensions = 1536;

-- Vectors of a document that is on the way, until all are there and its passages get them in one transaction. What a crash
-- of the server takes is embedded again, so the write-ahead log need not have it.
CREATE UNLOGGED TABLE staged_vectors (
    owner_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    document_id     uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    embedding_model text NOT NULL,
    dimensions      smallint NOT NULL,
    text_digest     uuid NOT NULL,
    embedding       halfvec NOT NULL,
    PRIMARY KEY (document_id, embedding_model, dimensions, text_digest),
    CHECK (vector_dims(embedding) = dimensions)
);

CREATE INDEX staged_vectors_owner_id_idx ON staged_vectors (owner_id);
CALL close_rows('staged_vectors');

-- The model all documents are to be of: one row. While processes of two configurations run, they would undo each other's
-- work; the one that started last has its way.
CREATE TABLE embedding_target (
    one             boolean PRIMARY KEY DEFAULT true CHECK (one),
    embedding_model text NOT NULL,
    dimensions      smallint NOT NULL,
    seen_at         timestamptz NOT NULL
);

-- The lane of re-embedding.
CREATE TABLE reembedding_tasks (LIKE scheduled_tasks INCLUDING ALL);

-- The models in use, whoever's passages. Jumps from one to the next along the index.
CREATE FUNCTION embedding_spaces() RETURNS TABLE (model text, length smallint)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    WITH RECURSIVE space AS (
        (SELECT p.embedding_model, p.dimensions FROM passages p ORDER BY p.embedding_model, p.dimensions LIMIT 1)
        UNION ALL
        SELECT following.embedding_model, following.dimensions
        FROM space, LATERAL (
            SELECT p.embedding_model, p.dimensions
            FROM passages p
            WHERE (p.embedding_model, p.dimensions) > (space.embedding_model, space.dimensions)
            ORDER BY p.embedding_model, p.dimensions
            LIMIT 1
        ) following
    )
    SELECT space.embedding_model, space.dimensions FROM space;
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

-- Documents with passages of a model, whoever's; ids only. Jumps from one document to the next along the index.
CREATE FUNCTION documents_in_space(model text, length integer, most integer) RETURNS TABLE (owner uuid, document uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER AS $$
BEGIN
    PERFORM set_config('custom_rag.everybody', 'yes', true);
    RETURN QUERY
    WITH RECURSIVE found AS (
        (
            SELECT p.owner_id, p.document_id
            FROM passages p
            WHERE p.embedding_model = $1 AND p.dimensions = $2
            ORDER BY p.owner_id, p.document_id
            LIMIT 1
        )
        UNION ALL
        SELECT following.owner_id, following.document_id
        FROM found, LATERAL (
            SELECT p.owner_id, p.document_id
            FROM passages p
            WHERE p.embedding_model = $1 AND p.dimensions = $2
                AND (p.owner_id, p.document_id) > (found.owner_id, found.document_id)
            ORDER BY p.owner_id, p.document_id
            LIMIT 1
        ) following
    )
    SELECT found.owner_id, found.document_id FROM found LIMIT $3;
    PERFORM set_config('custom_rag.everybody', '', true);
END
$$;

-- Whoever calls them cannot put tables of their own in the place of ours.
DO $$
BEGIN
    EXECUTE format('ALTER FUNCTION embedding_spaces() SET search_path = %I, pg_temp', current_schema());
    EXECUTE format(
        'ALTER FUNCTION documents_in_space(text, integer, integer) SET search_path = %I, pg_temp', current_schema());
END
$$;

SELECT set_config('custom_rag.everybody', '', true);
