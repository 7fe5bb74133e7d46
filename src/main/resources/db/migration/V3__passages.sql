-- Embeddings of different models live side by side: the column has no dimension, one partial index per dimension
-- serves the queries (pgvector README, "Can I store vectors with different dimensions in the same column?").
CREATE TABLE passages (
    id              uuid PRIMARY KEY,
    owner_id        uuid NOT NULL REFERENCES users ON DELETE CASCADE,
    document_id     uuid NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal         integer NOT NULL,
    page            integer,
    heading         text,
    start_offset    integer NOT NULL,
    end_offset      integer NOT NULL,
    text            text NOT NULL,
    embedding_model text NOT NULL,
    dimensions      smallint NOT NULL,
    embedding       halfvec NOT NULL,
    search          tsvector NOT NULL GENERATED ALWAYS AS (
        setweight(to_tsvector('english', coalesce(heading, '')), 'B') || setweight(to_tsvector('english', text), 'A')
    ) STORED,
    CONSTRAINT passages_document_id_ordinal_key UNIQUE (document_id, ordinal),
    CHECK (start_offset >= 0 AND end_offset > start_offset),
    CHECK (vector_dims(embedding) = dimensions)
);

CREATE INDEX passages_owner_id_idx ON passages (owner_id);
CREATE INDEX passages_search_idx ON passages USING gin (search);
CREATE INDEX passages_embedding_384_idx ON passages
    USING hnsw ((embedding::halfvec(384)) halfvec_cosine_ops) WHERE dimensions = 384;
CREATE INDEX passages_embedding_1024_idx ON passages
    USING hnsw ((embedding::halfvec(1024)) halfvec_cosine_ops) WHERE dimensions = 1024;
