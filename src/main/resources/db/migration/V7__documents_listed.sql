-- Pages on which nothing could be read, from 1.
ALTER TABLE documents ADD COLUMN pages_without_text integer[] NOT NULL DEFAULT '{}';

-- What a name is found and sorted by: without case, accents and forms of width. Cut, as compatibility forms may be many
-- times as long and an index takes 2,704 bytes.
CREATE FUNCTION folded_name(name text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT left(lower(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f]', '', 'g')), 255)
$$;

ALTER TABLE documents ADD COLUMN folded_name text COLLATE "C" NOT NULL
    GENERATED ALWAYS AS (folded_name(filename)) STORED;

CREATE INDEX documents_owner_id_folded_name_idx ON documents (owner_id, folded_name, id);
CREATE INDEX documents_owner_id_size_bytes_idx ON documents (owner_id, size_bytes, id);
